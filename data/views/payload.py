"""One article as the page's script reads it: short keys, safe text, offsets in UTF-16 units."""

from stancewire.data.views.inputs import ArticleRows, Row
from stancewire.data.views.roles import Roles
from stancewire.data.views.safety import visible, web_address

NAME_LIMIT = 300
TEXT_LIMIT = 4000
SENTENCE_LIMIT = 3000

Json = dict[str, object]


class Names:
    """Numbers names in order of first use."""

    def __init__(self) -> None:
        self.index: dict[str, int] = {}

    def number(self, name: str | None) -> int:
        """Return the name's number, -1 for None."""
        return -1 if name is None else self.index.setdefault(visible(name, NAME_LIMIT), len(self.index))

    @property
    def names(self) -> list[str]:
        """Names in order."""
        return list(self.index)


def sentence_payload(row: Row, previous: Row | None, speaker: int) -> list[object]:
    """Return [title?, gap, text, speaker, mention start, mention end, values, percentages, needs review].

    gap: 2 paragraph break, 1 blank, 0 none before this sentence, told by the offsets.
    """
    text = visible(row.text, TEXT_LIMIT)
    begin, end = row.mention if row.mention and row.mention[1] <= TEXT_LIMIT else (-1, -1)
    return [
        int(row.part == "title"),
        _gap(row, previous),
        text,
        speaker,
        _utf16(text, begin),
        _utf16(text, end),
        [-1 if value is None else value for value in row.values],
        [None if p is None else round(100 * p) for p in row.probabilities],
        int(row.needs_review),
    ]


def sentences_payload(article: ArticleRows, speakers: Names) -> list[list[object]]:
    """Return the article's sentences, at most SENTENCE_LIMIT; the page says how many were left out."""
    rows = article.rows[:SENTENCE_LIMIT]
    before = (None, *rows[:-1])
    return [sentence_payload(row, last, speakers.number(row.speaker)) for row, last in zip(rows, before, strict=True)]


def article_head(article: ArticleRows, roles: Roles) -> Json:
    """Return what the list of articles shows: identity, date, address, and counts per side."""
    sides = [0] * roles.size(roles.side)
    for row in article.rows:
        value = roles.value(row, roles.side)
        if value is not None:
            sides[value] += 1
    return {
        "id": visible(article.id, NAME_LIMIT),
        "t": visible(article.title or _first_words(article), NAME_LIMIT),
        "src": visible(article.source, NAME_LIMIT) if article.source else None,
        "d": article.published.isoformat() if article.published else None,
        "u": web_address(article.url),
        "n": len(article.rows),
        "side": sides,
        "g": _present(article, roles, roles.group),
        "c": _present(article, roles, roles.claim),
        "rev": sum(row.needs_review for row in article.rows),
        "dup": visible(article.duplicate_of, NAME_LIMIT) if article.duplicate_of else None,
    }


def _present(article: ArticleRows, roles: Roles, position: int | None) -> list[int]:
    return sorted({value for row in article.rows if (value := roles.value(row, position)) is not None})


def _first_words(article: ArticleRows) -> str:
    text = " ".join(article.rows[0].text[:400].split()) if article.rows else article.id
    return text if len(text) <= 90 else text[:90].rsplit(" ", 1)[0] + " …"


def _gap(row: Row, previous: Row | None) -> int:
    if previous is None or previous.part != row.part:
        return 2
    return max(0, min(2, row.start - previous.end))


def _utf16(text: str, offset: int) -> int:
    return offset if offset < 0 else len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
