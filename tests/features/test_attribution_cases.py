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
        elif line[:2] in ("¶ ", "# ") and " ||| " in line:
            found[-1][1].append(read_row(line))
    return found


def outcome(rows: list[Row]) -> list[Found]:
    if rows[0].mark == "#":
        title = rows[0].text
        article, sentences = Article("case", "", title=title), [Sentence(0, "title", 0, len(title), title)]
    else:
        body, sentences = "", []
        for index, row in enumerate(rows):
            body += "\n\n" if body else ""
            sentences.append(Sentence(index, "body", len(body), len(body) + len(row.text), row.text))
            body += row.text
        article = Article("case", body, title="Dispatch")
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
