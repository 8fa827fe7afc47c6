"""Runs on one store that are killed, repeated, limited and doubled leave the records of one undisturbed run."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Rows = Callable[..., list[dict[str, Any]]]


def keys(records: list[dict[str, Any]]) -> list[tuple[str, int]]:
    return [(record["article_id"], record["sentence"]) for record in records]


def batches(store: Path) -> set[str]:
    return {path.name for path in store.glob("records/*/batch-*.parquet")}


class Killing:
    """A store that has a feed's articles, and the same feed with a third of its texts changed and more added."""

    def __init__(self, tmp_path: Path, articles: Rows, write: Any, start: Any, stored: Any) -> None:
        self.folder, self.start, self.stored = tmp_path, start, stored
        self.before, self.after = tmp_path / "before", tmp_path / "undisturbed"
        self.feed = write("second.jsonl", articles(60, changed=1))
        self.finish(write("first.jsonl", articles(40)), self.before)
        shutil.copytree(self.before, self.after)
        length = self.finish(self.feed, self.after)
        self.commits = len(batches(self.after) - batches(self.before))
        self.between = length / self.commits
        self.expected = stored(self.after)
        assert len(set(keys(self.expected))) == len(self.expected)
        assert sum(record["duplicate_of"] is not None for record in self.expected) > 30

    def finish(self, feed: Path, store: Path) -> float:
        """Run to the end; return how many seconds it took."""
        begun = time.monotonic()
        process = self.start(feed, "--store", store, "--commit-every", 2)
        process.join(120)
        assert process.exitcode == 0
        return time.monotonic() - begun

    def kill_after(self, commits: int, seconds: float, store: Path) -> bool:
        """Kill a run so many seconds after it has committed so often; False if it had nothing left to do by then."""
        already = batches(store)
        process = self.start(self.feed, "--store", store, "--commit-every", 2)
        while process.is_alive() and len(batches(store) - already) < commits:
            time.sleep(0.001)
        process.join(seconds)
        died = process.is_alive()
        process.kill()
        process.join()
        seen = keys(self.stored(store))
        assert len(set(seen)) == len(seen), "a reader sees a record twice"
        return died


@pytest.fixture
def killing(tmp_path: Path, articles: Rows, write: Any, run: Any, start: Any, stored: Any) -> Killing:
    run(write("warm.jsonl", articles(2)), "--output", tmp_path / "warm.jsonl.csv")  # imports and loads, once
    return Killing(tmp_path, articles, write, start, stored)


def test_killed_five_times_in_a_row_and_then_finished(killing: Killing) -> None:
    store = killing.folder / "store"
    shutil.copytree(killing.before, store)
    chance = random.Random(1)
    assert killing.commits > 12
    deaths = [killing.kill_after(1, chance.uniform(0, 0.5) * killing.between, store) for _ in range(5)]
    assert deaths.count(True) >= 3
    killing.finish(killing.feed, store)
    assert killing.stored(store) == killing.expected


@pytest.mark.slow
def test_killed_at_any_of_fifty_moments_the_same_command_gives_the_same_records(killing: Killing) -> None:
    chance = random.Random(2)
    deaths = 0
    for number in range(50):
        store = killing.folder / f"store-{number}"
        shutil.copytree(killing.before, store)
        commits = chance.randrange(killing.commits - 3)
        deaths += killing.kill_after(commits, chance.uniform(0, 1) * killing.between, store)
        killing.finish(killing.feed, store)
        assert killing.stored(store) == killing.expected, f"moment {number}"
        shutil.rmtree(store)
    assert deaths >= 30


def test_what_is_known_is_not_annotated_again(
    run: Any, tmp_path: Path, articles: Rows, write: Any, stored: Any, caplog: pytest.LogCaptureFixture
) -> None:
    feed, store = write("feed.jsonl", articles(20)), tmp_path / "store"
    caplog.set_level("INFO", "stancewire")
    assert run(feed, "--store", store, "--limit", 5) == 0
    assert "of 5 articles" in caplog.messages[-1]
    assert len({key[0] for key in keys(stored(store))}) == 5
    assert run(feed, "--store", store, "--dry-run") == 0
    assert "15 articles would be annotated" in caplog.messages[-1]
    assert run(feed, "--store", store) == 0
    assert "5 annotated before" in caplog.messages[-1]
    whole = stored(store)
    files = {path: path.stat().st_mtime_ns for path in store.glob("records/**/*.parquet")}
    assert run(feed, "--store", store, "--output", tmp_path / "new.jsonl") == 0
    assert (tmp_path / "new.jsonl").read_text() == ""
    assert {path: path.stat().st_mtime_ns for path in store.glob("records/**/*.parquet")} == files
    assert run(feed, "--store", store, "--reannotate") == 0
    assert stored(store) == whole


def test_since_leaves_out_what_is_older_and_keeps_what_has_no_date(
    run: Any, tmp_path: Path, articles: Rows, write: Any, stored: Any
) -> None:
    rows = articles(6)
    rows[0]["published"] = "2026-01-03T00:30:00+02:00"
    rows[1]["published"] = None
    rows[2]["published"] = "yesterday"
    feed = write("feed.jsonl", rows)
    assert run(feed, "--store", tmp_path / "store", "--since", "2026-01-03") == 0
    assert {key[0] for key in keys(stored(tmp_path / "store"))} == {"a1", "a2", "a5"}
    assert run(feed, "--store", tmp_path / "store", "--since", "last week") == 2


def test_records_do_not_depend_on_the_size_of_batches(
    run: Any, tmp_path: Path, articles: Rows, write: Any, stored: Any
) -> None:
    feed = write("feed.jsonl", articles(25))
    for size in (1, 7, 1000):
        assert run(feed, "--store", tmp_path / str(size), "--commit-every", size) == 0
    assert stored(tmp_path / "1") == stored(tmp_path / "7") == stored(tmp_path / "1000")


def test_bad_articles_are_counted_and_written_down(
    run: Any, tmp_path: Path, articles: Rows, write: Any, caplog: pytest.LogCaptureFixture
) -> None:
    russian = (
        "Министр обороны заявил в понедельник, что вывод войск начнётся на следующей неделе, а база останется. " * 3
    )
    feed = write(
        "feed.jsonl", [*articles(2), {"id": "r", "text": russian}, {"id": "s", "text": "Ok."}, {"id": "t", "text": " "}]
    )
    caplog.set_level("INFO", "stancewire")
    assert run(feed, "--store", tmp_path / "store", "--min-chars", 20, "--max-chars", 500_000) == 0
    assert "3 rejected (no_text 1, too_short 1, unknown_language 1)" in caplog.messages[-1]
    assert len((tmp_path / "store/_last.rejected.jsonl").read_text().splitlines()) == 3
