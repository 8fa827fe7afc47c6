import json

import pytest

from stancewire.data.views.safety import embedded_json, visible, web_address


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " JaVaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "//host/x", "/x", "http:", "http://", "https://a b", "http://[::1", "\u202ehttp://x", "", None],
)  # fmt: skip
def test_other_addresses_are_no_links(url: str | None) -> None:
    assert web_address(url) is None


def test_web_addresses_are_links() -> None:
    assert web_address("https://example.org/a?b=<c>&d=1") == "https://example.org/a?b=<c>&d=1"
    assert web_address("HTTP://example.org") == "HTTP://example.org"


def test_control_and_override_characters_become_visible_one_for_one() -> None:
    raw = "a\u202egnp.exe\u202c\x00\x1b[31m\x7f\x9b\nb\u2067"
    shown = visible(raw)
    assert len(shown) == len(raw)
    assert shown == "a\u2426gnp.exe\u2426\u2400\u241b[31m\u2421\u2426\nb\u2426"
    assert visible("שלום\u200f عالم\u200d") == "שלום\u200f عالم\u200d", "ordinary right-to-left text stays as it is"
    assert visible("x" * 9, 4) == "xxxx…"


def test_embedded_json_cannot_leave_its_element() -> None:
    data = {"</script><script>": ["<!--", "&lt;", "\u2028", "]]>", "'\""]}
    text = embedded_json(data)
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == data
