"""Hostile documents: entity bombs, external entities, circles, oversize, terminal escapes, formulas."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stancewire.data.article import Article
from stancewire.data.codebook import load_codebook
from stancewire.data.feeds.addresses import is_public, resolve, split_url
from stancewire.data.feeds.errors import FetchError
from stancewire.data.feeds.http import Fetcher
from stancewire.data.feeds.options import FetchOptions
from stancewire.data.feeds.source import WebSource
from stancewire.data.readers import read_articles
from stancewire.data.rejects import Reason, Reject
from stancewire.models.baseline import MajorityClassifier
from stancewire.models.bundle import Bundle, save_bundle
from stancewire.models.calibration import Calibration

ROOT = Path(__file__).parents[2]
LAUGHS = '<!DOCTYPE rss [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(97 + n)} "{f"&{chr(96 + n)};" * 10}">' for n in range(1, 10)
)
BOMB = f'<?xml version="1.0"?>{LAUGHS}]><{{root}}><channel><item><title>&j;</title></item></channel></{{root}}>'
THIEF = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{}">]><rss version="2.0"><channel><item>'
    "<guid>1</guid><title>&x;</title><description>&x;</description></item></channel></rss>"
)


def source(**options: object) -> WebSource:
    return WebSource(Fetcher(FetchOptions.model_validate(options)))


@pytest.mark.parametrize(("kind", "root"), [("feed", "rss"), ("opml", "opml")])
def test_entity_bombs_do_not_go_off(kind: str, root: str) -> None:
    (item,) = source().read_document(BOMB.format(root=root).encode(), "bomb.xml", kind)  # type: ignore[arg-type]
    assert isinstance(item, Reject)
    assert item.reason is Reason.DAMAGED
    assert "entities" in item.detail


def test_external_entities_read_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    found = list(source().read_document(THIEF.format(secret).encode(), "thief.xml", "feed"))
    assert [type(item) for item in found] == [Reject]
    assert "the secret" not in str(found)


def test_a_file_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    path.write_text("<html>" + "x" * 5000)
    (item,) = source(max_bytes=4000).read(str(path))
    assert isinstance(item, Reject)
    assert item.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "link",
    ["file:///etc/passwd", "http://127.0.0.1:1/x", "http://[::1]/", "http://169.254.169.254/latest", "gopher://a/"],
)
def test_a_feed_cannot_send_us_to_places_inside(link: str) -> None:
    feed = f"<rss version='2.0'><channel><item><guid>g</guid><title>T</title><link>{link}</link></item></channel></rss>"
    (item,) = source(retries=0).read_document(feed.encode(), "feed.xml", "feed")
    assert isinstance(item, Reject)
    assert item.reason is Reason.ADDRESS


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("10.1.2.3", False), ("192.168.0.1", False), ("100.64.0.1", False),
        ("127.1.2.3", False), ("169.254.169.254", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_private_addresses_are_told_in_every_form(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:7f00:1]"])
def test_every_spelling_of_loopback_is_refused_after_resolving(host: str) -> None:
    with pytest.raises(FetchError) as caught:
        resolve(split_url(f"http://{host}/"), allow_private=False)
    assert caught.value.reason in {"refused_address", "http_error"}


@pytest.mark.parametrize(
    "url", ["http://", "http:///x", "http://a b/", "http://a/\r\nHost: b", "ftp://a/", "http://a:99999/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        split_url(url)


def test_looping_links_end(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "a.txt").write_text("One article, it was said.")
    found = list(read_articles([str(tmp_path / "in")]))
    assert len([item for item in found if isinstance(item, Article)]) == 1
    assert len(found) == 2


@pytest.fixture(scope="module")
def annotate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    codebook = load_codebook()
    shares = {task.name: [1 / len(task.names)] * len(task.names) for task in codebook.tasks}
    folder = tmp_path_factory.mktemp("model") / "bundle"
    bundle = Bundle(
        MajorityClassifier(codebook, shares), Calibration(temperatures={}), "even", 1, {}, {}, commit="none"
    )
    save_bundle(bundle, folder)

    def call(where: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        line = [sys.executable, str(ROOT / "annotate.py"), *arguments, "--model", str(folder)]
        return subprocess.run(line, cwd=where, capture_output=True, timeout=120, env=os.environ)

    return call


def test_strangers_text_reaches_neither_terminal_nor_spreadsheet_raw(
    annotate: Callable[..., subprocess.CompletedProcess[bytes]], tmp_path: Path
) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J"
    rows = [
        {"id": "=cmd|' /C calc'!A0", "title": f"@SUM(A1) {evil}", "text": "=HYPERLINK(1) he said.", "source": "+1"},
        {"id": f"{evil}id", "title": evil, "text": ""},
        {
            "id": "../../../tmp/x",
            "title": evil,
            "text": f"{evil} The troops leave, he said.",
            "url": f"http://x/{evil}",
        },
    ]
    (tmp_path / "feed.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = sorted(path.name for path in tmp_path.parent.iterdir())
    done = annotate(tmp_path, "feed.jsonl", "--output", "out.csv", "--store", "store")
    assert done.returncode == 0, done.stderr
    to_terminal = annotate(tmp_path, "feed.jsonl", "--output", "-")
    missing = annotate(tmp_path, f"{evil}.txt", "--output", "-")
    for output in (done.stderr, to_terminal.stderr, missing.stderr):
        assert b"\x1b" not in output
        assert b"\x07" not in output
    assert b"no_text" in to_terminal.stderr
    assert missing.returncode == 2
    cells = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert not [cell for cell in cells.replace('"', "").split(",") if cell.startswith(("=", "+", "@"))]
    assert sorted(path.name for path in tmp_path.parent.iterdir()) == before
