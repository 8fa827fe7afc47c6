"""Every kind of input, and every kind of bad input: a reject with a reason, and the articles around it are kept."""

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancewire.data.article import Article
from stancewire.data.errors import ConfigError
from stancewire.data.formats import Format, Refusal, decode, detect
from stancewire.data.readers import ReadOptions, read_articles, read_stream
from stancewire.data.rejects import Reason, Reject
from stancewire.data.tables import Columns

ROOT = Path(__file__).parents[2]


def read(*inputs: Path | str, options: ReadOptions | None = None) -> tuple[list[Article], list[Reject]]:
    results = list(read_articles([str(one) for one in inputs], options))
    articles = [one for one in results if isinstance(one, Article)]
    return articles, [one for one in results if isinstance(one, Reject)]


def reasons(rejects: list[Reject]) -> list[str]:
    return [reject.reason.value for reject in rejects]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# Text files


def test_a_text_file_with_a_title(tmp_path: Path) -> None:
    articles, rejects = read(write(tmp_path / "a.txt", "\r\n Title \r\n\r\n\r\nFirst.\r\n\r\nSecond.\n"))
    assert rejects == []
    assert (articles[0].title, articles[0].text) == ("Title", "First.\r\n\r\nSecond.\n")


@pytest.mark.parametrize("text", ["One line\nanother line\n\nmore", "Only a line\n\n", "x" * 301 + "\n\nmore"])
def test_a_first_line_that_is_no_title(tmp_path: Path, text: str) -> None:
    articles, _ = read(write(tmp_path / "a.txt", text))
    assert (articles[0].title, articles[0].text) == (None, text)


def test_seed_documents_are_read_with_exact_offsets() -> None:
    articles, rejects = read(ROOT / "seeds")
    assert (len(articles), rejects) == (5, [])
    for article, path in zip(articles, sorted((ROOT / "seeds").iterdir()), strict=True):
        document = path.read_bytes().decode()
        assert document.endswith(article.text)
        assert document[: -len(article.text)].strip() == (article.title or "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Le président a déclaré : «\xa0Nous sommes prêts à négocier\xa0». L’armée s’est retirée près de Homs."
    articles, rejects = read(write(tmp_path / "a.txt", text.encode(encoding)))
    assert rejects == []
    assert articles[0].text == text


# Tables


def test_json_lines_with_numbers_for_ids_and_unknown_columns(tmp_path: Path) -> None:
    row = {"id": 7, "title": "T", "text": "Body.", "source": "S", "published": "2015-10-01", "url": "u", "mood": 1}
    articles, _ = read(write(tmp_path / "a.jsonl", json.dumps(row) + "\r\n\n" + json.dumps({"text": "Other."})))
    assert articles[0] == Article("7", "Body.", "T", "S", "2015-10-01", "u")
    assert articles[1].title is None


def test_a_missing_id_follows_from_the_content_alone(tmp_path: Path) -> None:
    one, _ = read(write(tmp_path / "a.jsonl", '{"text": "Body.", "title": "T"}'))
    two, _ = read(write(tmp_path / "b.csv", "title,text,url\nT,Body.,elsewhere\n"))
    other, _ = read(write(tmp_path / "c.jsonl", '{"text": "Body!", "title": "T"}'))
    assert one[0].id == two[0].id
    assert one[0].id != other[0].id


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.csv", ";"), ("a.tsv", "\t"), ("a.txt", "\t")])
def test_delimited_tables(tmp_path: Path, name: str, mark: str) -> None:
    sink = io.StringIO()
    table = csv.writer(sink, delimiter=mark)
    table.writerows([["id", "mood", "text"], ["1", "x", 'He said, "go; now"\nand left.'], ["2", "y", "B" * 200_000]])
    articles, rejects = read(write(tmp_path / name, "\ufeff" + sink.getvalue()))
    assert rejects == []
    assert [article.text for article in articles] == ['He said, "go; now"\nand left.', "B" * 200_000]


def test_parquet_with_other_types(tmp_path: Path) -> None:
    columns = {
        "id": [1, 2, None],
        "text": pa.array(["A.", "B.", "C."]).dictionary_encode(),
        "title": [None, "", "T"],
        "published": [datetime(2015, 10, 1, 12), None, None],
        "mood": [[1], [2], [3]],
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    articles, rejects = read(tmp_path / "a.parquet")
    assert rejects == []
    assert [(one.id, one.text, one.title) for one in articles[:2]] == [("1", "A.", None), ("2", "B.", None)]
    assert (articles[0].published, articles[2].title, len(articles[2].id)) == ("2015-10-01T12:00:00", "T", 16)


def test_columns_are_renamed_everywhere(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "body,text\nreal,no\n")
    write(tmp_path / "b.jsonl", '{"body": "real b", "text": "no"}')
    pq.write_table(pa.table({"body": ["real c"], "text": ["no"]}), tmp_path / "c.parquet")
    articles, _ = read(tmp_path, options=ReadOptions(columns={"text": "body"}))
    assert [article.text for article in articles] == ["real", "real b", "real c"]


def test_an_unknown_column_to_rename_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'body': expected one of id, title, text"):
        read_articles([str(tmp_path)], ReadOptions(columns={"body": "text"}))


# Where input comes from


def test_folders_are_read_in_order_and_a_looping_link_ends(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    write(tmp_path / "b" / "c" / "z.txt", "Z.")
    write(tmp_path / "a.txt", "A.")
    write(tmp_path / ".hidden.txt", "H.")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "b" / "nowhere").symlink_to(tmp_path / "gone")
    articles, rejects = read(tmp_path)
    assert [article.text for article in articles] == ["A.", "Z."]
    assert reasons(rejects) == ["not_readable"]


def test_globs_meet_each_file_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        write(tmp_path / name, name)
    articles, rejects = read(f"{tmp_path}/**/*.txt")
    assert ([article.text for article in articles], rejects) == (["a.txt", "b.txt"], [])


@pytest.mark.parametrize("name", ["gone.txt", "gone*.txt", "nul\0"])
def test_a_missing_input_is_named_before_anything_is_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"gone|nul"):
        read_articles([str(tmp_path / name)])


def test_standard_input_is_json_lines() -> None:
    code = "from stancewire.data.readers import read_articles\nfor one in read_articles(['-']): print(one.id)"
    given = '{"id": "x", "text": "A."}\n{"id": "y"}\n'
    done = subprocess.run([sys.executable, "-c", code], input=given, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["x", "y"]


def test_a_named_pipe_is_read_where_asked_for_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.jsonl"
    os.mkfifo(pipe)
    assert reasons(read(tmp_path)[1]) == ["not_readable"]
    feeder = threading.Thread(target=lambda: pipe.write_text('{"text": "Piped."}'))
    feeder.start()
    articles, _ = read(pipe)
    feeder.join()
    assert articles[0].text == "Piped."


class Shouting:
    """A source of its own: addresses, and files of pages."""

    def claims(self, location: str, format: Format | Refusal | None) -> bool:
        return location.startswith("shout://") or format == "html"

    def read(self, location: str) -> Iterator[Article | Reject]:
        yield Article(location, "LOUD.")


def test_sources_read_addresses_and_the_formats_they_claim(tmp_path: Path) -> None:
    write(tmp_path / "a.html", "<!DOCTYPE html><html><p>x</p></html>")
    write(tmp_path / "b.txt", "B.")
    articles, _ = read("shout://x", tmp_path, options=ReadOptions(sources=(Shouting(),)))
    assert [article.text for article in articles] == ["LOUD.", "LOUD.", "B."]
    assert reasons(read(tmp_path)[1]) == ["unsupported_format"]


def test_an_open_stream_is_read_like_a_file() -> None:
    stream = io.BufferedReader(io.BytesIO(b"id,text\n1,A.\n"))
    assert list(read_stream("far/a.csv", stream, Columns())) == [Article("1", "A.")]


# Bad input


def parquet_bytes(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


STRAY = pa.array([b"A \xff."], pa.binary()).view(pa.string())

BAD_FILES = {
    "empty.txt": (b"", "empty_file"),
    "blank.txt": (b"\xef\xbb\xbf \r\n\t\n", "empty_file"),
    "empty.jsonl": (b"", "empty_file"),
    "photo.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
    "data.txt": (os.urandom(64) * 100 + bytes(500), "binary"),
    "zip.jsonl": (b"PK\x03\x04rest", "binary"),
    "nul.txt": (b"A sentence with one NUL\x00 in the middle of it.", "nul_bytes"),
    "nul.jsonl": (b'{"text": "A\\u0000."}', "nul_bytes"),
    "nul.parquet": (parquet_bytes(pa.table({"text": ["A\x00."]})), "nul_bytes"),
    "broken.txt": ("Ünïcödé, mostly – «whole».".encode() + b"\xe2\x80 and more", "undecodable"),
    "stray.jsonl": (b'{"text": "A\xff."}', "undecodable"),
    "surrogate.jsonl": (b'{"text": "A \\ud800."}', "undecodable"),
    "stray.parquet": (parquet_bytes(pa.table({"text": STRAY})), "undecodable"),
    "notext.jsonl": (b'{"id": "x", "title": "T", "text": " "}', "no_text"),
    "null.jsonl": (b'{"text": null}', "no_text"),
    "nocolumn.csv": (b"id,body\n1,A.\n", "no_text"),
    "nocolumn.parquet": (parquet_bytes(pa.table({"body": ["A."]})), "no_text"),
    "malformed.jsonl": (b'{"text": "A."', "bad_row"),
    "list.jsonl": (b"[1, 2]", "bad_row"),
    "nested.jsonl": (b'{"text": ["A."]}', "bad_row"),
    "deep.jsonl": (b'{"text": ' + b"[" * 100_000, "bad_row"),
    "cells.csv": (b'id,text\n1,"A.",B,C\n', "bad_row"),
    "cut.parquet": (parquet_bytes(pa.table({"text": ["A."]}))[:-20], "damaged_file"),
    "array.json": (b'[{"text": "A."}]', "unsupported_format"),
    "page.html": (b"<html><body>A.</body></html>", "unsupported_format"),
    "code.py": (b"print(1)\n", "unsupported_format"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_rejected_with_its_reason_and_stops_nothing(tmp_path: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    write(tmp_path / name, content)
    write(tmp_path / "zzz.txt", "Good.")
    articles, rejects = read(tmp_path)
    assert reasons(rejects) == [reason]
    assert rejects[0].location.startswith(str(tmp_path / name))
    assert [article.text for article in articles] == ["Good."]


def test_bad_rows_cost_no_good_ones(tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "A."}', "{oops", '{"id": 2}', '{"id": 3, "text": "C."}']
    articles, rejects = read(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert [article.id for article in articles] == ["1", "3"]
    assert [(str(reject.location)[-2:], reject.reason.value, reject.id) for reject in rejects] == [
        (":2", "bad_row", None), (":3", "no_text", "2"),
    ]  # fmt: skip


def test_ids_that_came_before_are_rejected_whatever_the_content(tmp_path: Path) -> None:
    rows = [("x", "One."), ("x", "Two."), ("y", "One."), ("x", "One.")]
    for name in ("a.jsonl", "b.jsonl"):
        write(tmp_path / name, "\n".join(json.dumps({"id": key, "text": text}) for key, text in rows))
    articles, rejects = read(tmp_path)
    assert [(article.id, article.text) for article in articles] == [("x", "One."), ("y", "One.")]
    assert [reject.id for reject in rejects] == ["x", "x", "x", "x", "y", "x"]
    assert set(reasons(rejects)) == {"duplicate_id"}
    assert len(read(tmp_path, options=ReadOptions(unique_ids=False))[0]) == 8


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.parquet"])
def test_what_is_too_long_is_rejected_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    long, rows = "word " * 1000, ["short one.", "word " * 1000, "short two."]
    contents: dict[str, str | bytes] = {
        "a.txt": long.encode(),
        "a.jsonl": "\n".join(json.dumps({"text": row}) for row in rows).encode(),
        "a.csv": "text,id\n" + "\n".join(f"{row},{number}" for number, row in enumerate(rows)) + "\n",
        "a.parquet": parquet_bytes(pa.table({"text": rows})),
    }
    articles, rejects = read(write(tmp_path / name, contents[name]), options=ReadOptions(max_bytes=400))
    assert reasons(rejects) == ["too_long"]
    assert [article.text for article in articles] == ([] if name == "a.txt" else ["short one.", "short two."])


def test_an_open_quotation_mark_cannot_swallow_a_table(tmp_path: Path) -> None:
    rows = "\n".join(f"{number},Row number {number}." for number in range(200))
    table = f'id,text\n998,Before.\n999,"Open\n{rows}\n'
    articles, rejects = read(write(tmp_path / "a.csv", table), options=ReadOptions(max_bytes=1000))
    assert reasons(rejects) == ["too_long"]
    assert "quotation mark" in rejects[0].detail
    assert articles[0].text == "Before."
    assert articles[-1].text == "Row number 199."
    assert len(articles) > 100


def test_one_huge_line_does_not_fill_the_memory(tmp_path: Path) -> None:
    """A line of 80 MB in an address space that has room for 50 MB more."""
    path = tmp_path / "a.jsonl"
    with path.open("wb") as sink:
        sink.write(b'{"text": "')
        for _ in range(80):
            sink.write(b"word " * 200_000)
        sink.write(b'"}\n{"text": "After."}\n')
    code = (
        "import sys\nfrom stancewire.data.readers import ReadOptions, read_articles\nimport resource\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + 50_000_000, -1))\n"
        "found = read_articles(sys.argv[1:], ReadOptions(max_bytes=1_000_000))\n"
        "print(*[getattr(one, 'text', None) or one.reason.value for one in found])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["too_long", "After."], done.stderr


def test_what_the_system_refuses_is_rejected(tmp_path: Path) -> None:
    """Reading this file of the kernel's fails for everybody, the superuser included."""
    refused = Path("/proc/self/mem")
    if not refused.exists():
        pytest.skip("needs Linux's /proc")
    write(tmp_path / "b.txt", "B.")
    articles, rejects = read(refused, tmp_path / "b.txt")
    assert reasons(rejects) == ["not_readable"]
    assert articles[0].text == "B."


def test_every_reason_has_one_code_and_a_meaning() -> None:
    assert len({reason.value for reason in Reason}) == len(Reason) >= 10
    assert all(reason.meaning and "\n" not in reason.meaning for reason in Reason)


def test_a_reject_shows_no_terminal_escapes() -> None:
    reject = Reject(Reason.NO_TEXT, "bad \x1b[31m\u202e\nred", "a\x9b.txt", "i")
    assert str(reject) == "a\\u009b.txt: no_text: bad \\u001b[31m\\u202e\\u000ared"
    assert reject.as_record()["detail"] == "bad \x1b[31m\u202e\nred"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.jsonl", "a.csv", "a.tsv", "a.parquet", "a"]))
def test_any_bytes_give_articles_or_rejects(content: bytes, name: str) -> None:
    stream = io.BufferedReader(io.BytesIO(content))
    results = list(read_stream(name, stream, Columns(max_bytes=200)))
    assert results or detect(name, content) in ("jsonl", "csv", "parquet")
    for one in results:
        if isinstance(one, Article):
            assert one.text.strip()
            assert "\x00" not in one.text
            one.text.encode()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("He said “go” – a naïve idea.", "cp1252"),
        ("naïve café", "cp1252"),
        ("The U.S. said Moscow’s strikes hit Homs.", "cp1252"),
        ("El señor Muñoz dijo que la acción continuará mañana.", "cp1252"),
        ("Российские самолёты нанесли удары по целям в провинции Хомс.", "cp1251"),
    ],
)
def test_windows_code_pages_are_read_as_what_they_are(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["naïve café", "Российские самолёты", "“Go,” he said — and left."])
def test_damaged_utf8_is_never_taken_for_a_code_page(text: str) -> None:
    assert decode(text.encode() + b"\xe2\x80 and more") is None
