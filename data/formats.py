"""What a file is, by its content and then its name, and how its bytes become text."""

import codecs
import csv
import io
import re
from collections.abc import Collection
from pathlib import PurePath
from typing import Literal

from charset_normalizer import from_bytes

from stancewire.data.markup import markup_kind

Format = Literal["text", "jsonl", "csv", "parquet", "html", "feed", "opml"]
Refusal = Literal["empty", "binary", "nul", "unknown"]

HEAD = 1 << 16
"""Bytes of a file that detection looks at."""

_TEXT_SUFFIXES = frozenset(("", ".txt", ".text", ".md"))
_JSONL_SUFFIXES = frozenset((".jsonl", ".ndjson", ".jl"))
_TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".tab"))
_PAGE_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"\x7fELF",
    b"BZh",
)
_TAG = re.compile(r"<[a-z!?]", re.IGNORECASE)
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


def detect(path: str, head: bytes, columns: Collection[str] = ("text",)) -> Format | Refusal:
    """Tell the format of a file from its first bytes (at most ``HEAD``) and its name.

    ``columns`` are the names that a table may have; a ``.txt`` file with two of them in its first line is a table.
    What is not read is told as "empty", "binary", "nul" (text with NUL characters) or "unknown".
    """
    if head[:4] == b"PAR1":
        return "parquet"
    if head.startswith(_MAGIC):
        return "binary"
    text = head.decode(encoding_of(head, whole=len(head) < HEAD) or "latin-1", "replace")
    if not text.strip("\ufeff \t\r\n"):
        return "empty"
    if refused := _no_text(text):
        return refused
    return _by_text(PurePath(path).suffix.lower(), text.lstrip("\ufeff \t\r\n"), columns)


def encoding_of(sample: bytes, whole: bool = True) -> str | None:
    """Return the name of the encoding of ``sample``; None if it is no text in any that could be told.

    A byte order mark decides; then what is valid UTF-8 is UTF-8. Else it is Windows-1252 or, in Cyrillic,
    Windows-1251, where ``charset_normalizer`` finds the result plausible. Bytes that are mostly valid UTF-8 sequences
    are damaged UTF-8, never a code page. ``whole`` False: the sample may end within a character.
    """
    if marked := marked_encoding(sample):
        return marked
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        kept = sample.decode("utf-8", "ignore")
        valid = sum(len(char.encode()) for char in kept if char > "\x7f")
        high = sum(byte > 0x7F for byte in sample)
        if valid >= high - valid:
            return None
        # The letters of a Cyrillic text are the high bytes; a few among ASCII letters are accents and dashes.
        page = "cp1251" if high > sum(char.isascii() and char.isalpha() for char in kept) else "cp1252"
        return page if from_bytes(sample, cp_isolation=[page]).best() else None
    return "utf-8"


def marked_encoding(sample: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start of ``sample`` names; None without one."""
    return next((name for mark, name in _BOMS if sample.startswith(mark)), None)


def decode(data: bytes) -> str | None:
    """Return ``data`` as text without a byte order mark, line ends as they are; None if undecodable."""
    name = encoding_of(data)
    try:
        return data.decode(name).removeprefix("\ufeff") if name else None
    except UnicodeDecodeError:
        return None


def delimiter_of(line: str, columns: Collection[str]) -> str:
    """Return the delimiter under which a table's first line has most of the ``columns``, then most cells."""
    return max(_DELIMITERS, key=lambda mark: _score(line, mark, columns))


def _by_text(suffix: str, text: str, columns: Collection[str]) -> Format | Refusal:
    fragments = suffix not in _TEXT_SUFFIXES | _JSONL_SUFFIXES | _TABLE_SUFFIXES
    if found := markup_kind(text, fragments=fragments):
        return found
    if _TAG.match(text):
        if suffix in _PAGE_SUFFIXES:
            return "html"
        return "text" if suffix in _TEXT_SUFFIXES else "unknown"
    line = text.partition("\n")[0].rstrip("\r")
    if suffix in _JSONL_SUFFIXES or (line.startswith("{") and '"' in line and suffix != ".json") or _is_object(line):
        return "jsonl"
    if suffix in _TABLE_SUFFIXES or max(_score(line, mark, columns)[0] for mark in _DELIMITERS) > 1:
        return "csv"
    if suffix in _PAGE_SUFFIXES:
        return "html"
    return "text" if suffix in _TEXT_SUFFIXES else "unknown"


def _is_object(line: str) -> bool:
    return line.startswith('{"') and line.rstrip().endswith("}")


def _no_text(text: str) -> Refusal | None:
    """Tell data from text: a page of text has next to no control characters."""
    nul = text.count("\x00")
    odd = len(_CONTROL.findall(text)) + text.count("\ufffd")
    if odd + nul > 0.05 * len(text):
        return "binary"
    return "nul" if nul else None


def _score(line: str, mark: str, columns: Collection[str]) -> tuple[int, int]:
    cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=mark), [])
    return sum(cell.strip() in columns for cell in cells), len(cells)
