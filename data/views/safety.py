"""Untrusted text made safe to show: article text, names and addresses may hold anything."""

import json
import re
from urllib.parse import urlsplit

# Overrides, embeddings and isolates can make a text read as another one; marks (LRM, RLM, joiners) stay, scripts
# need them.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_EMBED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def visible(text: str, limit: int | None = None) -> str:
    """Return ``text`` with control characters and bidirectional overrides shown by a visible sign, one for one, so
    that offsets still hold; cut to ``limit`` code points with an ellipsis."""
    shown = _HIDDEN.sub(_picture, text)
    return shown if limit is None or len(shown) <= limit else shown[:limit] + "…"


def web_address(url: str | None) -> str | None:
    """Return ``url`` if it is a plain http or https address of a host, else None."""
    if not url or _HIDDEN.search(url) or any(c.isspace() for c in url.strip()):
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme.lower() in {"http", "https"} and parts.hostname else None


def embedded_json(data: object) -> str:
    """Return ``data`` as JSON that cannot end or open an element of the HTML page around it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_EMBED)


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\u2426"
