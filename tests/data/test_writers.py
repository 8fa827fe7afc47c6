"""What stands under the output's name is whole, whatever happens; and it is the record, in every format."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.records import csv_header, json_schema
from stancewire.data.rejects import Reason, Reject
from stancewire.data.review.spreadsheet import unguard
from stancewire.data.writers import SUFFIXES, OutputError, open_rejects, open_writer

REJECT = Reject(Reason.NO_TEXT, "text is missing or blank", "a.jsonl:3", "x")


def read_back(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist(maps_as_pydicts="strict")
        return rows
    with path.open(encoding="utf-8", newline="") as stream:
        if path.suffix == ".jsonl":
            return [json.loads(line) for line in stream]
        return [{name: typed(name, cell) for name, cell in row.items()} for row in csv.DictReader(stream)]


def typed(name: str, cell: str) -> object:
    if name in ("sentence", "start", "end", "mention_start", "mention_end", "schema_version"):
        return int(cell) if cell else None
    if name == "probabilities" or name.endswith("_probability") or name == "needs_review":
        return json.loads(cell)
    return unguard(cell) or None


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_records_come_back_from_every_format(tmp_path: Path, suffix: str, codebook: Codebook, make_record: Any) -> None:
    texts = ["Noé said: go.", '=1+1, "quoted"\r\nand\tmore', "'=cmd", "\x1b[31mred", "😀 \u202e."]
    records = [make_record(codebook, number, text) for number, text in enumerate(texts)]
    records[1] |= {"title": "@SUM(A1)", "speaker": None, "mention_start": None, "mention_end": None}
    with open_writer(tmp_path / f"o{suffix}", codebook) as writer:
        writer.write(records[:2])
        writer.write([])
        writer.write(records[2:])
    found = read_back(tmp_path / f"o{suffix}")
    assert found == records
    for record in found:
        jsonschema.validate(record, json_schema(codebook))
        assert list(record) == csv_header(codebook)
    assert [path.name for path in tmp_path.iterdir()] == [f"o{suffix}"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_records_give_equal_bytes_in_any_key_order_and_any_portions(
    tmp_path: Path, suffix: str, codebook: Codebook, make_record: Any
) -> None:
    records = [make_record(codebook, number) for number in range(25)]
    with open_writer(tmp_path / f"a{suffix}", codebook) as writer:
        writer.write(records)
    with open_writer(tmp_path / f"b{suffix}", codebook) as writer:
        for record in records:
            writer.write([dict(reversed(record.items()))])
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_many_records_reach_parquet_in_bounded_row_groups(
    tmp_path: Path, plain_codebook: Codebook, make_record: Any
) -> None:
    with open_writer(tmp_path / "o.parquet", plain_codebook) as writer:
        for first in range(0, 25_000, 5_000):
            writer.write([make_record(plain_codebook, first + number) for number in range(5_000)])
    table = pq.ParquetFile(tmp_path / "o.parquet")
    groups = [table.metadata.row_group(number).num_rows for number in range(table.num_row_groups)]
    assert groups == [10_000, 10_000, 5_000]
    assert table.read(["sentence"])["sentence"].to_pylist() == list(range(25_000))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1"])
def test_no_cell_of_a_table_begins_a_formula(tmp_path: Path, text: str, codebook: Codebook, make_record: Any) -> None:
    record = make_record(codebook, text=text + " and more")
    record |= {"title": text, "source": text, "url": text, "article_id": text, "speaker": text, "duplicate_of": text}
    with open_writer(tmp_path / "o.csv", codebook) as writer:
        writer.write([record])
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as stream:
        cells = next(iter(csv.DictReader(stream)))
    assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in cells.values())
    assert unguard(cells["title"]) == text
    assert int(cells["end"]) - int(cells["start"]) == len(unguard(cells["text"]))


@pytest.mark.parametrize("change", ["lacks", "adds"])
def test_a_record_of_other_fields_is_refused(tmp_path: Path, change: str, codebook: Codebook, make_record: Any) -> None:
    record = make_record(codebook)
    if change == "lacks":
        del record["stance"]
    else:
        record["annotated_at"] = "now"
    with pytest.raises(DataError, match=r"stance|annotated_at"), open_writer(tmp_path / "o.jsonl", codebook) as writer:
        writer.write([record])
    assert list(tmp_path.iterdir()) == []


def test_standard_output_takes_json_lines_alone(
    capfdbinary: pytest.CaptureFixture[bytes], codebook: Codebook, make_record: Any
) -> None:
    with open_rejects("-") as rejects, open_writer("-", codebook) as writer:
        writer.write([make_record(codebook)])
        rejects.write(Reject(Reason.BAD_ROW, "\x1b[2J", "-:1"))
    out, err = capfdbinary.readouterr()
    assert json.loads(out) == make_record(codebook)
    assert err == b"rejected: -:1: bad_row: \\u001b[2J\n"


# Whole or not at all


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_a_failing_run_leaves_everything_as_it_was(
    tmp_path: Path, suffix: str, error: type[BaseException], codebook: Codebook, make_record: Any
) -> None:
    for name in (f"o{suffix}", "o.rejected.jsonl"):
        (tmp_path / name).write_bytes(b"old")
    with pytest.raises(error), open_rejects(tmp_path / f"o{suffix}") as rejects:  # noqa: SIM117
        with open_writer(tmp_path / f"o{suffix}", codebook) as writer:
            writer.write([make_record(codebook)])
            rejects.write(REJECT)
            raise error
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        f"o{suffix}": b"old",
        "o.rejected.jsonl": b"old",
    }


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_killed_at_any_moment_the_output_is_the_old_or_the_new(
    tmp_path: Path, suffix: str, codebook: Codebook, make_record: Any
) -> None:
    output = tmp_path / f"o{suffix}"
    versions = {}
    for version, count in (("old", 30), ("new", 300)):
        with open_writer(output, codebook) as writer:
            writer.write([make_record(codebook, number) for number in range(count)])
        versions[output.read_bytes()] = version
    met = set()
    chance = random.Random(7)
    for _ in range(30):
        output.write_bytes(next(iter(versions)))
        child = os.fork()
        if child == 0:
            with open_writer(output, codebook) as writer:
                for number in range(300):
                    writer.write([make_record(codebook, number)])
            os._exit(0)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        met.add(versions[output.read_bytes()])
    assert "old" in met
    with open_writer(output, codebook) as writer:
        writer.write([make_record(codebook, number) for number in range(300)])
    assert versions[output.read_bytes()] == "new"
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


def test_whoever_reads_the_old_output_is_not_disturbed(tmp_path: Path, codebook: Codebook, make_record: Any) -> None:
    output = tmp_path / "o.jsonl"
    output.write_bytes(b"old\n" * 1000)
    with output.open("rb") as reader:
        with open_writer(output, codebook) as writer:
            writer.write([make_record(codebook)])
        assert reader.read() == b"old\n" * 1000
    assert len(read_back(output)) == 1


def test_two_runs_on_one_output_do_not_mix(tmp_path: Path, codebook: Codebook, make_record: Any) -> None:
    with open_writer(tmp_path / "o.jsonl", codebook) as writer:
        writer.write([make_record(codebook)])
        with pytest.raises(OutputError, match="another run"), open_writer(tmp_path / "o.jsonl", codebook):
            pass
    assert len(read_back(tmp_path / "o.jsonl")) == 1


def test_an_output_that_is_a_link_is_written_where_it_leads(
    tmp_path: Path, codebook: Codebook, make_record: Any
) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "o.jsonl").symlink_to(tmp_path / "far" / "real.jsonl")
    with open_writer(tmp_path / "o.jsonl", codebook) as writer:
        writer.write([make_record(codebook)])
    assert (tmp_path / "o.jsonl").is_symlink()
    assert len(read_back(tmp_path / "far" / "real.jsonl")) == 1


# The rejected file


def test_the_rejected_file_stands_beside_the_output_exactly_if_needed(tmp_path: Path) -> None:
    with open_rejects(tmp_path / "o.parquet") as rejects:
        rejects.write(REJECT)
        rejects.write(REJECT)
    lines = (tmp_path / "o.rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [REJECT.as_record()] * 2
    assert rejects.counts == {"no_text": 2}
    with open_rejects(tmp_path / "o.parquet"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_reject_with_half_a_character_is_written_all_the_same(tmp_path: Path) -> None:
    with open_rejects(tmp_path / "o.csv") as rejects:
        rejects.write(Reject(Reason.UNDECODABLE, "x", "a.jsonl:1", "\ud800"))
    assert json.loads((tmp_path / "o.rejected.jsonl").read_text(encoding="utf-8"))["reason"] == "undecodable"


# Where nothing can be written


@pytest.mark.parametrize("name", ["o.txt", "o", "folder.jsonl", "gone/o.jsonl"])
def test_an_output_that_cannot_be_is_a_wrong_call(tmp_path: Path, name: str, codebook: Codebook) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(ConfigError, match=name), open_writer(tmp_path / name, codebook):
        pass


SCRIPT = """
import json, os, resource, sys
from stancewire.data.codebook import load_codebook
from stancewire.data.errors import StancewireError
from stancewire.data.writers import open_rejects, open_writer
from stancewire.data.rejects import Reason, Reject
output, record, limit = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with open_rejects(output) as rejects, open_writer(output, load_codebook()) as writer:
        rejects.write(Reject(Reason.NO_TEXT, "x", "y"))
        for number in range(3_000):
            writer.write([record | {"text": f"{number * 7919 % 104729}", "sentence": number}])
except StancewireError as error:
    print(type(error).__name__, error)
except BrokenPipeError:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit("the reader left")
"""


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_the_system_cuts_off_is_one_clear_error(
    tmp_path: Path, suffix: str, codebook: Codebook, make_record: Any
) -> None:
    output = tmp_path / f"o{suffix}"
    output.write_bytes(b"old")
    command = [sys.executable, "-c", SCRIPT, str(output), json.dumps(make_record(codebook)), "20000"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"OutputError {output}: cannot be written: ")
    assert done.stderr == ""
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {output.name: b"old"}


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[list[str]]:
    """Yield a command prefix under which ``folder`` is a small file system of its own."""
    unshare = shutil.which("unshare")
    mount = f"mount -t tmpfs -o {options} none {folder}"
    if (
        unshare is None
        or subprocess.run([unshare, "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode
    ):
        pytest.skip("this system lets no user mount a file system")
    yield [unshare, "-rm", "sh", "-c", f'{mount} && "$@" && ls {folder}', "sh"]


@pytest.mark.parametrize(
    ("options", "cause"), [("size=64k", "No space left on device"), ("ro", "Read-only file system")]
)
def test_a_full_disk_and_a_read_only_folder_are_named(
    tmp_path: Path, options: str, cause: str, codebook: Codebook, make_record: Any
) -> None:
    output = tmp_path / "o.jsonl"
    with mounted(tmp_path, options) as prefix:
        command = [*prefix, sys.executable, "-c", SCRIPT, str(output), json.dumps(make_record(codebook)), "0"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.count("\n") == 1, done.stdout
    assert done.stdout.startswith("OutputError")
    assert cause in done.stdout
    assert str(tmp_path) in done.stdout
    assert done.stderr == ""


def test_a_reader_that_leaves_standard_output_is_told_as_such(codebook: Codebook, make_record: Any) -> None:
    command = [sys.executable, "-c", SCRIPT, "-", json.dumps(make_record(codebook)), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.readline()
        run.stdout.close()
        said = run.stderr.read().splitlines()
    assert said == ["rejected: y: no_text: x", "the reader left"]
