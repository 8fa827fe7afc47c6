"""Marks that a page lost when UTF-8 was read as Windows-1252 ("â€œ" for “), put back."""

import re

_BROKEN = re.compile("â€[œ\x9d\x9c™˜“”\x99\x98\x93\x94]?")
_MARKS = {"œ": "“", "\x9c": "“", "™": "’", "\x99": "’", "˜": "‘", "\x98": "‘"}
_DASHES = {"“": "–", "\x93": "–", "”": "—", "\x94": "—"}
_MARKS |= _DASHES


def _mark(broken: str) -> str:
    return _MARKS.get(broken[2:], "”")


def with_marks(text: str) -> str:
    """Return ``text`` with its broken quotation marks, apostrophes and dashes as they were."""
    return _BROKEN.sub(lambda match: _mark(match.group()), text) if "â€" in text else text


def with_marks_in_place(text: str) -> str:
    """Return ``text`` likewise and as long as before: spaces stand where a mark's other characters stood, on its outer side."""
    if "â€" not in text:
        return text

    def place(match: re.Match[str]) -> str:
        mark, size = _mark(match.group()), len(match.group())
        return mark.ljust(size) if mark == "”" else mark.rjust(size)

    return _BROKEN.sub(place, text)
