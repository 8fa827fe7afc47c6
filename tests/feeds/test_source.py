"""Feeds, lists of feeds and pages from a real server become articles; what cannot be had becomes a reject."""

import json
from pathlib import Path
from typing import Any

import pytest

from stancewire.data.article import Article
from stancewire.data.feeds.http import Fetcher, Validators
from stancewire.data.feeds.options import FetchOptions
from stancewire.data.feeds.source import WebSource
from stancewire.data.formats import detect
from stancewire.data.markup import sniff
from stancewire.data.rejects import Reason, Reject

OPTIONS = FetchOptions(allow_private=True, host_delay=0, backoff=0, retries=1, read_timeout=1, deadline=3)
BODY = [
    "The defence minister said on Monday that the withdrawal of the troops would begin next week, weather permitting.",
    "“The operation is over,” he told reporters. The opposition called the statement a manoeuvre and asked for proof.",
    "Two convoys left the base on Tuesday; observers counted forty lorries and a dozen armoured vehicles on the road.",
]
PAGE = """<!DOCTYPE html><html><head><title>Troops to leave - The Wire</title><meta charset="{charset}">
<meta property="og:site_name" content="The Wire"><meta property="article:published_time" content="2026-02-03T08:00:00Z">
</head><body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav><article><h1>Troops to leave</h1>{body}</article>
<footer>All rights reserved. Cookies.</footer></body></html>"""


def page(charset: str = "utf-8", extra: str = "") -> str:
    return PAGE.format(charset=charset, body="".join(f"<p>{line}</p>" for line in [*BODY, extra]))


def rss(*items: str) -> str:
    return (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>The Wire</title>{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    )


def reader(**known: Validators) -> WebSource:
    return WebSource(Fetcher(OPTIONS), known=lambda url: known.get(url.rsplit("/", 1)[1], Validators()))


def articles(items: list[Article | Reject]) -> list[Article]:
    assert all(isinstance(item, Article) for item in items), items
    return [item for item in items if isinstance(item, Article)]


def test_an_entry_is_its_content_else_its_page_else_its_summary(web: Any) -> None:
    web.serve("/page", page(), Content_Type="text/html; charset=utf-8")
    web.serve(
        "/feed",
        rss(
            "<guid>g1</guid><title>One</title><link>/elsewhere</link><description>Teaser.</description>"
            "<pubDate>Mon, 02 Feb 2026 10:00:00 +0200</pubDate>"
            "<content:encoded><![CDATA[<p>Full &amp; whole.</p><p>Second line.</p>]]></content:encoded>",
            f"<guid>g2</guid><title>Troops to leave</title><link>{web.url}/page</link><description>No.</description>",
            f"<guid>g3</guid><title>Three</title><link>{web.url}/gone</link><description>The teaser.</description>",
        ),
        Content_Type="application/rss+xml",
    )
    one, two, three = articles(list(reader().read_url(web.url + "/feed")))
    assert one == Article(
        "g1", "Full & whole.\nSecond line.", "One", "The Wire", "2026-02-02T08:00:00Z", web.url + "/elsewhere"
    )
    assert (two.id, two.text, two.url) == ("g2", "\n".join(BODY), web.url + "/page")
    assert (three.id, three.text) == ("g3", "The teaser.")
    assert web.paths() == ["/feed", "/page", "/gone"]


def test_atom_and_declared_or_lying_charsets(web: Any) -> None:
    atom = (
        '<?xml version="1.0" encoding="{}"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Лента</title><entry>'
        "<id>urn:1</id><title>Россия</title><updated>2026-01-02T10:00:00+03:00</updated>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Вывод войск.</p></div></content>'
        "</entry></feed>"
    )
    web.serve("/declared", atom.format("windows-1251").encode("windows-1251"), Content_Type="application/atom+xml")
    header = "application/atom+xml; charset=windows-1251"
    web.serve("/header", atom.format("utf-8").encode("windows-1251"), Content_Type=header)
    for path in ("/declared", "/header"):
        (entry,) = articles(list(reader().read_url(web.url + path)))
        assert (entry.title, entry.text, entry.source) == ("Россия", "Вывод войск.", "Лента")
        assert entry.published == "2026-01-02T07:00:00Z"


@pytest.mark.parametrize(
    ("written", "meta", "header"),
    [
        ("utf-8", "utf-8", "text/html; charset=iso-8859-1"),
        ("utf-8", "windows-1252", "text/html"),
        ("windows-1252", "windows-1252", "text/html"),
        ("windows-1252", "", "text/html; charset=windows-1252"),
        ("utf-8", "utf-8", "text/html; charset=no-such-charset"),
    ],
)
def test_a_page_keeps_its_letters_whatever_the_server_claims(web: Any, written: str, meta: str, header: str) -> None:
    extra = "The café’s owner, Zoë Müller, said “nothing has changed” since the façade was hit, and she stays."
    web.serve("/page", page(meta, extra).encode(written), Content_Type=header)
    (article,) = articles(list(reader().read_url(web.url + "/page")))
    assert article.text == "\n".join([*BODY, extra])
    assert (article.id, article.title, article.source) == (web.url + "/page", "Troops to leave", "The Wire")
    assert article.published == "2026-02-03"


def test_what_cannot_be_had_is_rejected_with_its_reason(web: Any) -> None:
    web.serve("/robots.txt", "User-agent: *\nDisallow: /secret\n")
    web.serve("/empty", "<!DOCTYPE html><html><body></body></html>", Content_Type="text/html")
    web.serve("/pdf", b"%PDF-1.7 ...", Content_Type="application/pdf")
    web.serve("/bare", rss("<guid>g</guid><title>Nothing else</title>"), Content_Type="text/xml")
    expected = {
        "/secret": Reason.ROBOTS, "/missing": Reason.HTTP, "/empty": Reason.NO_EXTRACT, "/pdf": Reason.BINARY,
        "/bare": Reason.NO_TEXT,
    }  # fmt: skip
    for path, reason in expected.items():
        (item,) = reader().read_url(web.url + path)
        assert isinstance(item, Reject), (path, item)
        assert item.reason is reason, item


def test_a_list_of_feeds_is_read_in_order(web: Any, tmp_path: Path) -> None:
    names = [f"f{n}" for n in range(12)]
    for name in names:
        item = f"<guid>{name}</guid><title>{name}</title><content:encoded>Text of {name}.</content:encoded>"
        web.serve(f"/{name}", rss(item))
    web.serve("/list", b"<opml><body/></opml>")
    outlines = "".join(f'<outline><outline type="rss" xmlUrl="{web.url}/{name}"/></outline>' for name in [*names, "f0"])
    opml = f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}<outline xmlUrl="{web.url}/list"/></body></opml>'
    web.serve("/opml", opml)
    *found, refused = reader().read_url(web.url + "/opml")
    assert [article.id for article in articles(found)] == names
    assert isinstance(refused, Reject)
    assert list(reader().read_document(opml.encode(), "feeds.opml", "opml")) == [*found, refused]


def test_an_unchanged_feed_is_not_read_and_a_whole_one_is_worth_remembering(web: Any) -> None:
    item = "<guid>g</guid><title>T</title><content:encoded>Text.</content:encoded>"

    def conditional(handler: Any) -> None:
        fresh = handler.headers.get("If-None-Match") != '"2"'
        handler.reply(rss(item).encode() if fresh else b"", status=200 if fresh else 304, ETag='"2"')

    web.routes["/feed"] = conditional
    first = reader(feed=Validators('"1"'))
    assert len(list(first.read_url(web.url + "/feed"))) == 1
    assert first.finished == {web.url + "/feed": Validators('"2"')}
    again = reader(feed=Validators('"2"'))
    assert list(again.read_url(web.url + "/feed")) == []
    assert again.unchanged == 1
    assert again.finished == {}


def test_a_feed_with_a_page_that_may_come_back_is_asked_for_again(web: Any) -> None:
    web.routes["/busy"] = lambda handler: handler.reply(b"", status=503)
    web.serve("/feed", rss(f"<guid>g</guid><link>{web.url}/busy</link><description>Teaser.</description>"), ETag='"1"')
    source = reader()
    assert [article.text for article in articles(list(source.read_url(web.url + "/feed")))] == ["Teaser."]
    assert source.finished == {}


def test_ids_that_a_feed_lacks_follow_from_the_content() -> None:
    feed = rss("<title>A</title><description>Same.</description>", "<title>B</title><description>Same.</description>")
    found = articles(list(reader().read_document(feed.encode(), "feed.xml", "feed")))
    again = articles(list(reader().read_document(feed.encode(), "other.xml", "feed")))
    assert found == again
    assert found[0].id != found[1].id


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xef\xbb\xbf  <?xml version='1.0'?>\n<!-- c -->\n<rss version='2.0'>", "feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "feed"),
        (b"<!DOCTYPE rss PUBLIC 'a' 'b'><rss>", "feed"),
        ("<?xml version='1.0' encoding='utf-16'?><feed xmlns='x'>".encode("utf-16"), "feed"),
        (b"<opml version='2.0'>", "opml"),
        (b"<!doctype HTML>\n<title>x", "html"),
        (b"<html lang='en'>", "html"),
        (b"Plain text with <b>tags</b>", None),
        (b'{"text": "<html>"}', None),
        (b"", None),
        (json.dumps({"a": 1}).encode(), None),
    ],
)
def test_documents_are_told_by_their_content(content: bytes, kind: str | None) -> None:
    assert sniff(content) == kind


HTML_DOCTYPE = b'<!DOCTYPE html [ <!ENTITY gt ">"> <!-- don\'t ] > --> ]>'
STYLE = b'<?xml version="1.0"?><?xml-stylesheet href="a>b.xsl"?>'


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (HTML_DOCTYPE + b"<html><body><p>Text.</p></body></html>", "html"),
        (b'<!DOCTYPE html SYSTEM "about:legacy>compat">\n<html></html>', "html"),
        (b"<!DOCTYPE html>\n<title>No html element</title><p>Text.</p>", "html"),
        (STYLE + b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
        (b'<!DOCTYPE rss [<!ENTITY a "]>"><!ENTITY b "c">]><rss version="2.0"></rss>', "feed"),
        (b'<!DOCTYPE bomb [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><rss version="2.0"></rss>', "feed"),
        (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"></a:feed>', "feed"),
        (b'<!-- <html> --><!DOCTYPE opml [<!ELEMENT outline (outline)>]><opml version="1.0"/>', "opml"),
        (b"<div> is an element, she wrote.\n\nAnd so is another.", "text"),
        (b"<note>Some XML.</note>", "text"),
    ],
)
def test_a_file_without_a_suffix_is_what_its_root_element_says(content: bytes, kind: str) -> None:
    assert detect("document", content) == kind
    if kind != "text":
        assert sniff(content) == kind
        assert sniff(content.decode().encode("utf-16")) == kind


def test_a_prologue_without_an_end_costs_no_time() -> None:
    for piece in (b"<!DOCTYPE a [", b"<!--", b"<?x ", b"\"'", b" \n"):
        assert sniff(b"<!DOCTYPE x " + piece * 5000) is None
