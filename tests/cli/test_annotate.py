"""annotate.py as a user calls it: good input, bad input, and a process killed at any moment."""

import csv
import json
import multiprocessing
import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest

from stancewire.data.codebook import load_codebook
from stancewire.data.records import json_schema

TEXT = "Moscow said its jets hit “only terrorists.” Ankara rejected that. “It was a market,” the mayor said."
Run = Callable[..., int]


def feed(folder: Path, rows: list[object]) -> Path:
    path = folder / "feed.jsonl"
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_records_follow_the_published_schema_and_cut_out_their_text(run: Run, tmp_path: Path) -> None:
    rows = [
        {"id": "a1", "title": "Strikes go on", "text": TEXT, "source": "Wire", "published": "2015-10-01"},
        {"text": TEXT + " More."},
    ]
    assert run(feed(tmp_path, rows), "--output", tmp_path / "out.jsonl") == 0
    records = lines(tmp_path / "out.jsonl")
    schema = json_schema(load_codebook())
    for record in records:
        jsonschema.validate(record, schema)
        given = rows[0] if record["article_id"] == "a1" else rows[1]
        whole = given["title"] if record["part"] == "title" else given["text"]
        assert whole[record["start"] : record["end"]] == record["text"]
    assert records[0]["part"] == "title"
    assert [record["sentence"] for record in records] == [0, 1, 2, 3, 0, 1, 2, 3]


def test_formats_hold_the_same_records(run: Run, tmp_path: Path) -> None:
    source = feed(tmp_path, [{"id": "a1", "text": TEXT}])
    for suffix in ("jsonl", "csv", "parquet"):
        assert run(source, "--output", tmp_path / f"out.{suffix}") == 0
    wanted = lines(tmp_path / "out.jsonl")
    with (tmp_path / "out.csv").open(newline="") as handle:
        table = list(csv.DictReader(handle))
    parquet = pq.read_table(tmp_path / "out.parquet").to_pylist(maps_as_pydicts="strict")
    assert parquet == wanted
    assert [row["text"] for row in table] == [record["text"] for record in wanted]
    assert [json.loads(row["probabilities"]) for row in table] == [record["probabilities"] for record in wanted]


def test_batch_and_company_do_not_matter(run: Run, tmp_path: Path) -> None:
    rows = [{"id": f"a{n}", "text": f"{TEXT} Number {n} said so."} for n in range(5)]
    run(feed(tmp_path, rows), "--output", tmp_path / "all.jsonl")
    alone = []
    for row in rows:
        run(feed(tmp_path, [row]), "--output", tmp_path / "one.jsonl")
        alone += lines(tmp_path / "one.jsonl")
    together = lines(tmp_path / "all.jsonl")
    assert [record["duplicate_of"] for record in together] == [None] * 4 + ["a0"] * 16
    assert alone == [record | {"duplicate_of": None} for record in together]


def test_bad_articles_are_rejected_with_a_reason_and_stop_nothing(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.txt").write_text("")
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "good.txt").write_text("A title\n\n" + TEXT, encoding="utf-8")
    (folder / "rows.jsonl").write_text(
        '{"text": "Fine, he said."}\n{"text": ""}\n{"id": 3}\n{broken\n{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n'
    )
    caplog.set_level("INFO", "stancewire")
    assert run(folder, "--output", tmp_path / "out.jsonl") == 0
    reasons = [row["reason"] for row in lines(tmp_path / "out.rejected.jsonl")]
    assert sorted(reasons) == ["bad_row", "binary", "duplicate_id", "empty_file", "no_text", "no_text"]
    assert len({record["article_id"] for record in lines(tmp_path / "out.jsonl")}) == 3
    assert "6 rejected (bad_row 1, binary 1, duplicate_id 1, empty_file 1, no_text 2): see " in caplog.text
    assert caplog.messages[-1].endswith("out.rejected.jsonl")
    assert run(folder, "--output", tmp_path / "out.jsonl", "--strict") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt", "--output", "o.jsonl"], "nowhere.txt: no such file or folder"),
        (["feed.jsonl", "--output", "o.xml"], "o.xml: expected a name that ends in .jsonl, .csv, .parquet"),
        (["feed.jsonl", "--output", "no/folder/o.jsonl"], "no folder"),
        (["feed.jsonl", "--output", "o.jsonl", "--column", "text"], "expected ours=theirs"),
        (["feed.jsonl", "--output", "-", "--report", "r.html"], "--report reads the written records"),
        (["feed.jsonl", "--output", "o.jsonl", "--address", "auto"], "expected --engine ray with them"),
        (["feed.jsonl", "--store", "feed.jsonl"], "expected a folder, found a file"),
    ],
)
def test_wrong_calls_exit_2_with_one_line(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    feed(tmp_path, [{"text": TEXT}])
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_store_that_the_system_refuses_is_one_line(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store/.state").write_text("not a folder")
    assert run(feed(tmp_path, [{"text": TEXT}]), "--store", tmp_path / "store") == 1
    error = capsys.readouterr().err
    assert "store: not usable as a store: File exists" in error
    assert error.count("\n") == 1


def test_missing_model_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import annotate

    assert (
        annotate.main([str(feed(tmp_path, [{"text": TEXT}])), "--output", str(tmp_path / "o.jsonl"), "--model", "gone"])
        == 2
    )
    assert "gone: expected runs:/RUN/model, models:/NAME@ALIAS or a model folder" in capsys.readouterr().err
    assert not (tmp_path / "o.jsonl").exists()


def test_standard_input_and_output(command: list[str], tmp_path: Path) -> None:
    given = json.dumps({"id": "a1", "text": TEXT}) + "\nnot json\n"
    done = subprocess.run(
        [*command, "-", "--output", "-"], input=given, capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["sentence"] for line in done.stdout.splitlines()] == [0, 1, 2]
    assert "bad_row" in done.stderr


def test_full_disk_is_one_clear_line_and_leaves_the_old_output(command: list[str], tmp_path: Path) -> None:
    """A bounded file size stands for a full disk: both make writes fail half-way."""
    source = feed(tmp_path, [{"id": f"a{n}", "text": TEXT * 20} for n in range(300)])
    (tmp_path / "out.jsonl").write_text("what was there\n")
    shell = ["bash", "-c", 'ulimit -f 64; trap "" XFSZ; exec "$@"', "bash", *command]
    done = subprocess.run(
        [*shell, str(source), "--output", str(tmp_path / "out.jsonl")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1
    assert "out.jsonl: cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "out.jsonl").read_text() == "what was there\n"
    assert not (tmp_path / "out.jsonl.part").exists()


@pytest.mark.slow
def test_killed_at_any_moment_leaves_no_torn_output(run: Run, tmp_path: Path) -> None:
    """The killed processes are forks of this one, which spares each the start."""
    source = feed(tmp_path, [{"id": f"a{n}", "text": f"{TEXT} " * 20} for n in range(250)])
    call = (source, "--output", tmp_path / "out.jsonl")
    assert run(*call) == 0  # imports and loads, once
    start = time.monotonic()
    assert run(*call) == 0
    whole, length = (tmp_path / "out.jsonl").read_bytes(), time.monotonic() - start
    moments = random.Random(3)
    died = 0
    for _ in range(8):
        (tmp_path / "out.jsonl").write_text("before\n")
        process = multiprocessing.get_context("fork").Process(target=lambda: os._exit(run(*call)))
        process.start()
        process.join(moments.uniform(0.05, 1.05) * length)
        died += process.is_alive()
        process.kill()
        process.join()
        assert (tmp_path / "out.jsonl").read_bytes() in (b"before\n", whole)
    assert died >= 4
    assert run(*call) == 0
    assert (tmp_path / "out.jsonl").read_bytes() == whole


def test_unit_row_takes_each_row_as_one_sentence(run: Run, tmp_path: Path) -> None:
    assert run(feed(tmp_path, [{"text": f"  {TEXT}"}]), "--output", tmp_path / "o.jsonl", "--unit", "row") == 0
    (record,) = lines(tmp_path / "o.jsonl")
    assert (record["text"], record["start"]) == (TEXT, 2)


def test_actors_of_the_user_decide_a_group(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = feed(tmp_path, [{"id": "a1", "text": "Rudolf Rassendyll said the strikes had gone on for a week."}])
    (tmp_path / "own.yaml").write_text("actors:\n  Rudolf Rassendyll: {group: turkey, offices: [special envoy]}\n")
    assert run(source, "--output", tmp_path / "o.jsonl", "--actors", tmp_path / "own.yaml") == 0
    (record,) = lines(tmp_path / "o.jsonl")
    assert (record["speaker"], record["speaker_group"]) == ("Rudolf Rassendyll", "turkey")
    (tmp_path / "own.yaml").write_text("actors:\n  Rudolf Rassendyll: {group: ruritania}\n")
    wrong = [source, "--output", tmp_path / "o.jsonl", "--actors", tmp_path / "own.yaml"]
    assert run(*wrong, "--engine", "ray") == 2  # before anything is asked of a cluster
    assert "ruritania" in capsys.readouterr().err
    assert run(*wrong) == 2
    assert "ruritania" in capsys.readouterr().err
