"""Articles that could not be taken: one enumeration of reasons, one type that carries them."""

import re
from dataclasses import dataclass
from enum import StrEnum

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Reason(StrEnum):
    """Why an article was left out; ``meaning`` says it in one line."""

    meaning: str

    def __new__(cls, code: str, meaning: str) -> "Reason":
        """Make a member whose value is ``code``."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    EMPTY_FILE = "empty_file", "the file holds nothing but white space"
    NO_TEXT = "no_text", "the row or entry has no text"
    TOO_SHORT = "too_short", "the text has fewer characters than asked for"
    TOO_LONG = "too_long", "the text, line or file is longer than the limit"
    UNDECODABLE = "undecodable", "the bytes are no text in any encoding that could be told"
    BINARY = "binary", "the file holds data, not text"
    NUL_BYTES = "nul_bytes", "the text holds NUL characters, which no article has"
    BAD_ROW = "bad_row", "the line is no JSON object, or the row does not fit its table"
    DUPLICATE_ID = "duplicate_id", "an article with the same id came before; the first one is kept"
    NOT_READABLE = "not_readable", "the system refuses to open or read it"
    DAMAGED = "damaged_file", "the file breaks off or breaks its format"
    UNSUPPORTED = (
        "unsupported_format",
        "neither text, JSON lines, CSV, TSV, Parquet nor anything else that is read here",
    )
    LANGUAGE = "unknown_language", "the text is in a language that the model does not know"
    NO_EXTRACT = "extraction_failed", "no article text was found in the page"
    HTTP = "http_error", "the server did not deliver"
    ADDRESS = "refused_address", "the address leads to a place that is not to be read"
    ROBOTS = "robots", "the site's robots.txt forbids it"
    TOO_LARGE = "too_large", "the answer is larger than the limit, after unpacking"


@dataclass(frozen=True, slots=True)
class Reject:
    """One article left out. ``location`` is a path or address, with ``:line`` or `` row n`` where there is one."""

    reason: Reason
    detail: str
    location: str
    id: str | None = None

    def as_record(self) -> dict[str, str | None]:
        """Return the object written to the rejected file."""
        return {"id": self.id, "location": self.location, "reason": self.reason.value, "detail": self.detail}

    def __str__(self) -> str:
        """Return one line that is safe to print."""
        return printable(f"{self.location}: {self.reason.value}: {self.detail}")


def printable(text: str) -> str:
    """Return ``text`` for a terminal: control characters, line ends and bidirectional overrides shown as escapes."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
