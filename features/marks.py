"""Marks that a page lost when UTF-8 was read as Windows-1252 ("â€œ" for “), put back."""

import re

_LEAD = b"\xe2\x80"  # the first two bytes of U+2000 to U+203F: quotation marks, dashes, bullets, "…"


def _third_characters() -> dict[str, str]:
    """Return what stood for a mark's third byte, read as Windows-1252 or left as a control character → the mark."""
    found = {}
    for byte in range(0x80, 0xC0):
        mark = (_LEAD + bytes([byte])).decode("utf-8")
        shown = bytes([byte]).decode("cp1252", errors="ignore")
        found.update({one: mark for one in (shown, chr(byte)) if one and not one.isspace()})
    return found


_MARKS = _third_characters()
# A closing mark whose last byte, which Windows-1252 does not have, was dropped stands before what follows a quotation.
_BROKEN = re.compile(rf"â€(?:[{re.escape(''.join(_MARKS))}]|(?=[\s.,;:!?)\]]|$))")


def _mark(broken: str) -> str:
    return _MARKS[broken[2:]] if broken[2:] else "”"


def with_marks(text: str) -> str:
    """Return ``text`` with its broken quotation marks, apostrophes and dashes as they were."""
    return _BROKEN.sub(lambda match: _mark(match.group()), text) if "â€" in text else text


def with_marks_in_place(text: str) -> str:
    """Return ``text`` likewise and as long as before: spaces stand where a mark's other characters stood, on its outer side."""
    if "â€" not in text:
        return text

    def place(match: re.Match[str]) -> str:
        mark, size = _mark(match.group()), len(match.group())
        return mark.ljust(size) if mark in "”…" else mark.rjust(size)

    return _BROKEN.sub(place, text)
