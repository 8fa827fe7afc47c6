"""Addresses that fsspec opens: its store in memory, and S3 as a server on loopback speaks it."""

import json
from collections.abc import Iterator

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancewire.data.article import Article
from stancewire.data.errors import ConfigError, MissingExtraError
from stancewire.data.feeds.cloud import CloudSource
from stancewire.data.feeds.http import Fetcher
from stancewire.data.feeds.source import WebSource
from stancewire.data.readers import ReadOptions, read_articles
from stancewire.data.rejects import Reason, Reject

BODY = "The jets left at dawn, the ministry said on Friday, and nobody was told where they were going. " * 3


def read(*inputs: str, max_bytes: int = 20_000_000) -> list[Article | Reject]:
    web = WebSource(Fetcher())
    return list(read_articles(inputs, ReadOptions(sources=(web, CloudSource(web, max_bytes=max_bytes)))))


def names(results: list[Article | Reject]) -> list[str]:
    return [result.id if isinstance(result, Article) else result.reason.value for result in results]


@pytest.fixture(scope="module")
def memory() -> Iterator[str]:
    system = fsspec.filesystem("memory")
    yield "memory://archive"
    system.rm("/archive", recursive=True)


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Serve an empty bucket; the address and the keys come from the environment, as they do for users."""
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY"):
            environment.delenv(name, raising=False)
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        fsspec.filesystem("s3").mkdir("archive")
        yield "s3://archive"
        fsspec.get_filesystem_class("s3").clear_instance_cache()
    server.stop()


@pytest.fixture(scope="module", params=["memory", pytest.param("bucket", marks=pytest.mark.slow)])
def place(request: pytest.FixtureRequest) -> str:
    """Return the address of a folder with a table of each kind, a page, a feed, a hidden file and a broken one."""
    found: str = request.getfixturevalue(request.param)
    table = pa.table({"id": [f"p{n}" for n in range(2500)], "text": [f"{BODY} {n}" for n in range(2500)]})
    with fsspec.open(f"{found}/2015/a.parquet", "wb") as sink:
        pq.write_table(table, sink, row_group_size=500)
    page = (
        f"<!DOCTYPE html><html><head><title>Leaving</title></head><body><article><p>{BODY}</p></article></body></html>"
    )
    feed = f"<rss version='2.0'><channel><item><guid>f0</guid><description>{BODY}</description></item></channel></rss>"
    files = {
        "2015/b.jsonl": json.dumps({"id": "j0", "text": BODY}) + "\n" + json.dumps({"id": "j1", "text": ""}) + "\n",
        "2015/c.csv": f'id,text\nc0,"{BODY}"\n',
        "2016/d.html": page,
        "2016/deep/e.xml": feed,
        "2016/deep/.hidden.txt": BODY,
        "2016/f.parquet": "PAR1 and no more",
    }
    for name, content in files.items():
        with fsspec.open(f"{found}/{name}", "wb") as sink:
            sink.write(content.encode())
    return found


def test_a_folder_is_read_whole_in_the_order_of_names(place: str) -> None:
    results = names(read(place))
    assert results[:2500] == [f"p{n}" for n in range(2500)]
    assert results[2500:2503] == ["j0", "no_text", "c0"]
    page, *rest = results[2503:]
    assert rest == ["f0", "damaged_file"]
    assert page not in set(Reason)


def test_a_pattern_and_a_single_file(place: str) -> None:
    assert names(read(f"{place}/2015/*.csv")) == ["c0"]
    assert names(read(f"{place}/*/[bc].*")) == ["j0", "no_text", "c0"]
    assert names(read(f"{place}/2015/b.jsonl", f"{place}/2015/c.csv")) == ["j0", "no_text", "c0"]
    assert len(read(f"{place}/2015/a.parquet")) == 2500


def test_what_is_not_there_or_too_large_is_a_reject_with_its_address(place: str) -> None:
    (missing,) = read(f"{place}/2014/none.csv")
    assert isinstance(missing, Reject)
    assert (missing.reason, missing.location) == (Reason.NOT_READABLE, f"{place}/2014/none.csv")
    (large,) = read(f"{place}/2016/d.html", max_bytes=100)
    assert isinstance(large, Reject)
    assert (large.reason, large.location.rpartition("/")[2]) == (Reason.TOO_LARGE, "d.html")


@pytest.mark.slow
def test_a_bucket_that_refuses_is_a_reject(bucket: str) -> None:
    (refused,) = read("s3://nobodys-bucket/2015/")
    assert isinstance(refused, Reject)
    assert refused.reason is Reason.NOT_READABLE
    assert "\n" not in refused.detail


def test_a_scheme_that_nobody_knows_or_whose_library_is_missing_stops_the_call() -> None:
    with pytest.raises(ConfigError, match="unknown scheme 'gopher'"):
        read("gopher://archive/a.csv")
    with pytest.raises(MissingExtraError, match="gs needs a library that is not installed"):
        read("gs://archive/a.csv")
