"""Cells that a spreadsheet program shows and never runs, read back exactly."""

# What makes Excel, LibreOffice or Google Sheets take a cell for a formula (OWASP, "CSV Injection"); full-width forms too.
_TRIGGERS = "=+-@\t\r\n＝＋－＠"
_MARK = "'"


def guard(cell: str | None) -> str:
    """Return the cell with an apostrophe before a formula's first character; ``unguard`` takes it away again.

    A cell that itself begins with apostrophes and then such a character gets one more, so that every text survives.
    """
    text = cell or ""
    return _MARK + text if _dangerous(text.lstrip(_MARK + " ")) else text


def unguard(cell: str | None) -> str:
    """Return what ``guard`` was given; a cell that a program wrote back without its apostrophe comes out the same."""
    text = cell or ""
    return text[1:] if text.startswith(_MARK) and _dangerous(text.lstrip(_MARK + " ")) else text


def _dangerous(text: str) -> bool:
    return text[:1] != "" and text[0] in _TRIGGERS
