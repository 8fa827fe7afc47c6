"""Fresh sentences of many styles, names and wars: attribution knows the language, not the corpus."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from stancewire.data.article import Article, Sentence
from stancewire.features.attribution import attribute

TABLE = Path(__file__).parent / "attribution_cases.txt"
Found = tuple[str | None, str | None, str, str | None]


@dataclass(frozen=True)
class Row:
    """One sentence: the mark before it, its text, what is to be found. A group of None is not asked for."""

    mark: str
    text: str
    expected: Found


def read_row(line: str) -> Row:
    text, gold = line.split(" ||| ")
    fields = [field.strip() for field in gold.split(" | ")]
    if fields == ["-"]:
        return Row(text[0], text[2:], (None, None, "none", None))
    mention = {"=": fields[0], "-": None}.get(fields[1], fields[1])
    return Row(text[0], text[2:], (fields[0], mention, fields[2], fields[3] if len(fields) > 3 else None))


def cases() -> list[tuple[str, list[Row]]]:
    found: list[tuple[str, list[Row]]] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            found.append((line[3:], []))
        elif " ||| " in line and not line.startswith("; "):
            assert line[:2] in ("¶ ", "+ ", "# "), f"a row without its mark would run nothing: {line}"
            found[-1][1].append(read_row(line))
    return found


def outcome(rows: list[Row]) -> list[Found]:
    """Run the rows as one article: a heading that comes first is its title."""
    title = rows[0].text if rows[0].mark == "#" else "Dispatch"
    body = ""
    sentences: list[Sentence] = []
    for index, row in enumerate(rows):
        if row.mark == "#":
            assert index == 0, f"a heading within a case would be read as text: {row.text}"
            sentences.append(Sentence(0, "title", 0, len(title), title))
            continue
        body += "" if not body else " " if row.mark == "+" else "\n\n"
        sentences.append(Sentence(index, "body", len(body), len(body) + len(row.text), row.text))
        body += row.text
    article = Article("case", body, title=title)
    found = {one.sentence: one for one in attribute(article, sentences)}
    return [
        (one.speaker, one.mention, one.quotation, one.group) if one else (None, None, "none", None)
        for one in map(found.get, range(len(rows)))
    ]


@pytest.mark.parametrize(("name", "rows"), cases(), ids=[name for name, _ in cases()])
def test_every_sentence_has_its_source(name: str, rows: list[Row]) -> None:
    found = [one if row.expected[3] else (*one[:3], None) for one, row in zip(outcome(rows), rows, strict=True)]
    assert found == [row.expected for row in rows], name


def test_the_table_covers_many_articles() -> None:
    assert len(cases()) > 80 and sum(len(rows) for _, rows in cases()) > 200


GLYPHS = {
    "straight": str.maketrans("“”‘’", "\"\"''"),
    "French": str.maketrans("“”", "«»"),
    "straight apostrophes": str.maketrans("‘’", "''"),
}


@pytest.mark.parametrize("glyphs", GLYPHS.values(), ids=GLYPHS)
def test_the_shape_of_marks_changes_nothing(glyphs: dict[int, int]) -> None:
    """Sites set “ ”, " ", « », ’ and ': the same sentence has the same source, whatever its marks."""
    text = (
        "Norway’s envoy, Jan Keller, called the raid a ‘crime’ and the pause “a trick of the light”.\n\n"
        "“We counted nine,” he said, “and ‘nine’ is what we wrote.”\n\n"
        "The “green men” had gone, Keller told reporters. “Not one is left.”\n\n"
        "‘Falcon’ missiles were fired from the sea, Russia’s defence ministry said.\n\n"
        "“They promised us a road.\n\n“They gave us a ferry,” Ute Bohm said."
    )
    shaped = text.translate(glyphs)
    found = attribute(Article("a", text, title="Dispatch"))
    other = attribute(Article("a", shaped, title="Dispatch"))
    assert len(found) == 7
    assert [(one.sentence, one.speaker.translate(glyphs), one.quotation, one.group) for one in found] == [
        (one.sentence, one.speaker, one.quotation, one.group) for one in other
    ]


def test_a_quotation_of_several_sentences_is_whose_the_sentence_behind_it_names() -> None:
    text = (
        "The minister said talks were near.\n\n“They shell us at noon. Whom should we talk to?” "
        "Samer Odeh, a spokesman for the fighters, told a radio station."
    )
    found = attribute(Article("a", text, title="Dispatch"))
    assert [one.speaker for one in found] == ["minister", "Samer Odeh", "Samer Odeh", "Samer Odeh"]
