"""The store keeps every article's records exactly once, whatever happens between two runs."""

import json
import multiprocessing
import os
import resource
import sqlite3
import time
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from stancewire.data.article import Article
from stancewire.data.store import Peek, Store
from stancewire.data.store.errors import StoreBusyError, StoreError, StoreFullError

SCHEMA = pa.schema(
    [
        ("article_id", pa.string()),
        ("sentence", pa.int64()),
        ("text", pa.string()),
        ("probabilities", pa.map_(pa.string(), pa.map_(pa.string(), pa.float64()))),
        ("model", pa.string()),
    ]
)
DAYS = ("2026-01-01", "2026-01-02T23:00:00Z", None, "yesterday")


def article(number: int, text: str = "Text", **changes: Any) -> Article:
    given = {"id": f"a{number}", "text": f"{text} {number}.", "published": DAYS[number % len(DAYS)]} | changes
    return Article(**given)


def annotated(one: Article, model: str = "m/1") -> tuple[Article, list[dict[str, Any]]]:
    records = [
        {"article_id": one.id, "sentence": n, "text": one.text, "probabilities": {"t": {"x": 0.5}}, "model": model}
        for n in range(2)
    ]
    return one, records


def opened(folder: Path, model: str = "m/1", **options: float) -> Store:
    return Store(folder, model, SCHEMA, **options)


def rows(folder: Path) -> list[tuple[str, int, str, str, str]]:
    frame = pd.read_parquet(folder / "records").astype({"date": str})
    return sorted(frame[["article_id", "sentence", "text", "model", "date"]].itertuples(index=False, name=None))


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    articles = [article(n) for n in range(5)]
    with opened(tmp_path) as store:
        assert all(store.pending(one) for one in articles)
        store.commit([annotated(one) for one in articles])
    before = rows(tmp_path)
    assert [(row[0], row[1]) for row in before] == [(f"a{n}", k) for n in range(5) for k in range(2)]
    with opened(tmp_path) as store:
        assert not any(store.pending(one) for one in articles)
        assert store.pending(articles[0], again=True)
    assert rows(tmp_path) == before


def test_the_folder_is_one_table_for_everybody(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.commit([annotated(article(n)) for n in range(8)])
    folder = tmp_path / "records"
    assert sorted(path.name for path in folder.iterdir()) == ["date=2026-01-01", "date=2026-01-02", "date=unknown"]
    assert len(pd.read_parquet(folder)) == len(pd.read_parquet(tmp_path)) == 16
    assert pl.read_parquet(folder).height == 16
    found = duckdb.sql(
        f"SELECT date, count(*), min(probabilities['t']['x']) FROM read_parquet('{tmp_path}/**/*.parquet', "
        "hive_partitioning = true, hive_types_autocast = false) GROUP BY date ORDER BY date"
    )
    assert found.fetchall() == [("2026-01-01", 4, 0.5), ("2026-01-02", 4, 0.5), ("unknown", 8, 0.5)]


def test_changed_text_is_a_new_version_under_the_same_id(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.commit([annotated(article(n)) for n in range(4)])
    changed = article(1, "Corrected", published="2026-03-03")
    with opened(tmp_path) as store:
        assert store.pending(changed)
        assert not store.pending(article(0))
        store.commit([annotated(changed)])
    assert [(row[2], row[4]) for row in rows(tmp_path) if row[0] == "a1"] == [("Corrected 1.", "2026-03-03")] * 2
    assert len(rows(tmp_path)) == 8
    with opened(tmp_path) as store:
        assert not store.pending(changed)


def test_another_model_annotates_anew_and_its_records_supersede(tmp_path: Path) -> None:
    articles = [article(n) for n in range(6)]
    with opened(tmp_path) as store:
        store.commit([annotated(one) for one in articles])
    with opened(tmp_path, "m/2") as store:
        assert all(store.pending(one) for one in articles)
        store.commit([annotated(one, "m/2") for one in articles[:2]])
    assert {row[0]: row[3] for row in rows(tmp_path)} == {f"a{n}": "m/2" if n < 2 else "m/1" for n in range(6)}
    assert len(rows(tmp_path)) == 12
    with opened(tmp_path, "m/2") as store:
        store.commit([annotated(one, "m/2") for one in articles[2:]])
    assert len(rows(tmp_path)) == 12
    assert len(list(tmp_path.glob("records/*/*.parquet"))) == 5


def test_two_versions_in_one_batch_leave_the_later_one(tmp_path: Path) -> None:
    first, second = article(0), article(0, "Later")
    with opened(tmp_path) as store:
        assert store.pending(first)
        assert store.pending(second)
        assert not store.pending(first)
        store.commit([annotated(first), annotated(second)])
    assert {row[2] for row in rows(tmp_path)} == {"Later 0."}
    assert len(rows(tmp_path)) == 2


def test_articles_without_records_count_as_annotated(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.commit([(article(0), []), annotated(article(1))])
        assert not store.pending(article(0))
        assert store.counts() == (2, 1)


@pytest.mark.parametrize("moment", ["staged", "logged", "half moved"])
def test_a_run_that_ends_between_two_steps_is_repaired(tmp_path: Path, moment: str) -> None:
    with opened(tmp_path) as store:
        store.commit([annotated(article(n)) for n in range(4)])
    before = rows(tmp_path)
    batch = [annotated(article(1, "Corrected")), *(annotated(article(n)) for n in range(4, 8))]
    store = opened(tmp_path)
    moves = store._stage(batch)
    store._state.log(moves)
    if moment != "staged":
        store._state.commit()
    if moment == "half moved":
        store._parts.publish(moves[: len(moves) // 2])
    store._state.connection.close()
    store._lock.release()

    assert len({row[:2] for row in rows(tmp_path)}) == len(rows(tmp_path)), "a reader sees a record twice"
    with opened(tmp_path) as store:
        left = [one for one, _ in batch if store.pending(one)]
        assert len(left) == (5 if moment == "staged" else 0)
        if moment == "staged":
            assert rows(tmp_path) == before
        store.commit([annotated(one) for one in left])
    assert [row[:2] for row in rows(tmp_path)] == [(f"a{n}", k) for n in range(8) for k in range(2)]
    assert {row[2] for row in rows(tmp_path) if row[0] == "a1"} == {"Corrected 1."}
    assert not list((tmp_path / ".state" / "staged").iterdir())


def test_duplicates_of_a_batch_that_was_never_committed_are_forgotten(tmp_path: Path) -> None:
    text = "The minister said on Monday that the withdrawal of the troops would begin next week without delay"
    original, copy = Article("original", text), Article("copy", text + " or so.")
    with opened(tmp_path) as store:
        assert store.duplicate_of(original) is None
        assert store.duplicate_of(copy) == "original"
    with opened(tmp_path) as store:
        assert store.duplicate_of(copy) is None
        store.commit([annotated(copy)])
    with opened(tmp_path) as store:
        assert store.duplicate_of(original) == "copy"
        assert store.duplicate_of(copy) is None


def _hold(folder: Path, taken: Event, seconds: float) -> None:
    with Store(folder, "m/1", SCHEMA):
        taken.set()
        time.sleep(seconds)
        os._exit(0)


def test_a_second_run_waits_or_leaves(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    taken = context.Event()
    other = context.Process(target=_hold, args=(tmp_path, taken, 1.0))
    other.start()
    try:
        assert taken.wait(5)
        with pytest.raises(StoreBusyError, match=rf"process {other.pid} .*--wait SECONDS"):
            opened(tmp_path)
        with opened(tmp_path, wait=10) as store:
            assert store.pending(article(0))
    finally:
        other.join()


def test_a_dry_run_looks_without_touching(tmp_path: Path) -> None:
    assert Peek(tmp_path / "none", "m/1").pending(article(0))
    assert not (tmp_path / "none").exists()
    with opened(tmp_path) as store:
        store.commit([annotated(article(0))])
        peek = Peek(tmp_path, "m/1")
        assert not peek.pending(article(0))
        assert peek.pending(article(0, "Changed"))
        assert Peek(tmp_path, "m/2").pending(article(0))


def _fill(folder: Path, room: int, answer: Any) -> None:
    with Store(folder, "m/1", SCHEMA) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            store.commit([annotated(article(n, os.urandom(3000).hex())) for n in range(200)])
        except StoreFullError as error:
            answer.put(str(error))
        else:
            answer.put("")


@pytest.mark.parametrize("room", [50_000, 300_000])
def test_a_full_disk_is_reported_and_the_next_run_goes_on(tmp_path: Path, room: int) -> None:
    with opened(tmp_path) as store:
        store.commit([annotated(article(1000))])
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    process = context.Process(target=_fill, args=(tmp_path, room, answer))
    process.start()
    assert "no room on the disk" in answer.get(timeout=20)
    process.join()
    assert len(rows(tmp_path)) == 2
    with opened(tmp_path) as store:
        store.commit([annotated(article(n)) for n in range(200)])
    assert len(rows(tmp_path)) == 402


def test_feed_validators_belong_to_a_model(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.remember_feed("http://a/feed", '"e"', "Monday")
    with opened(tmp_path) as store:
        assert store.validators("http://a/feed") == ('"e"', "Monday")
    with opened(tmp_path, "m/2") as store:
        assert store.validators("http://a/feed") == (None, None)


def test_strange_ids_stay_inside_the_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    strange = ["../../escape", "/etc/passwd", "a\x00b", "date=2026/..", "'; DROP TABLE article; --", "\x1b[31m"]
    with opened(folder) as store:
        store.commit([annotated(Article(name, "Text.", published="../../2026-01-01")) for name in strange])
    assert {row[0] for row in rows(folder)} == set(strange)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]
    with opened(folder) as store:
        assert not any(store.pending(Article(name, "Text.")) for name in strange)


def test_a_store_of_another_codebook_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(StoreError, match="schema of records"):
        Store(tmp_path, "m/1", pa.schema([("article_id", pa.string())]))
    connection = sqlite3.connect(tmp_path / ".state/state.sqlite")
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="format is 99"):
        opened(tmp_path)
    (tmp_path / ".state/state.sqlite").write_text(json.dumps({"not": "sqlite"}) * 100)
    with pytest.raises(StoreError, match="not the state of a store"):
        opened(tmp_path)
