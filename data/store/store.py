"""The store: batches of annotated articles, committed whole or not at all.

A batch's Parquet files are written aside and synced. One SQLite transaction then names the articles, and promises the
moves that bring the files into ``records/``; it is the commit. The moves follow. A run that is killed before the
transaction leaves nothing but files aside, which the next run sweeps; one that is killed after it leaves promises,
which the next run keeps. So ``records/`` never holds a file that is partial, unknown to the state, or twice.
"""

import hashlib
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from stancewire.data.article import Article
from stancewire.data.duplicates import NearDuplicates
from stancewire.data.store.errors import StoreError, refusals_named
from stancewire.data.store.lock import StoreLock
from stancewire.data.store.parts import Move, Parts, date_of, part_name
from stancewire.data.store.state import State

Batch = Sequence[tuple[Article, Sequence[Mapping[str, Any]]]]


def version_of(article: Article) -> str:
    """Return 16 hex digits that change when an article's title or text does."""
    digest = hashlib.sha256()
    for part in (article.title or "", article.text):
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


class Store:
    """A folder of annotated articles, open for one model. Use it as a context manager; its methods may be called from
    several threads."""

    def __init__(self, folder: Path, model: str, schema: pa.Schema, wait: float = 0.0) -> None:
        """Lock, repair and open ``folder`` (made if missing); ``schema`` is that of the records, ``model`` their URI.

        Raises StoreBusyError if another run still holds it after ``wait`` seconds, StoreFullError, StoreError.
        """
        self.folder = folder
        self._schema = schema
        self._mutex = threading.RLock()
        self._waiting: set[tuple[str, str]] = set()
        with refusals_named(folder):
            hidden = folder / ".state"
            hidden.mkdir(parents=True, exist_ok=True)
            self._lock = StoreLock(hidden, wait)
            try:
                self._parts = Parts(folder)
                self._state = State(hidden / "state.sqlite")
                self._repair(model)
            except BaseException:
                self._lock.release()
                raise

    def _repair(self, model: str) -> None:
        """Keep the last run's promises, sweep what it did not commit, and open the first transaction."""
        fields = hashlib.sha256(str(self._schema.remove_metadata()).encode()).hexdigest()[:16]
        self._state.expect("schema of records", fields)
        self._parts.publish(self._state.promised())
        self._state.cross_off()
        self._parts.sweep()
        self._duplicates = NearDuplicates(self._state.connection)
        self._state.begin()
        self._state.pruned(self._duplicates.prune(self._state.pruned(), self._state.known))
        self._model = self._state.model(model)
        self._state.commit()
        self._state.begin()

    def pending(self, article: Article, *, again: bool = False) -> bool:
        """Tell whether this version of the article is still to be annotated, and reckon with its being so from now on.

        ``again`` asks for annotation even if the model has annotated it in an earlier run (once a batch, still).
        """
        key = (article.id, version_of(article))
        with self._mutex:
            if key in self._waiting or (not again and self._state.annotated(article.id, self._model, key[1])):
                return False
            self._waiting.add(key)
            return True

    def duplicate_of(self, article: Article) -> str | None:
        """Return the id of the earliest article in the store that this one repeats. Ask in the order of the input."""
        with self._mutex, refusals_named(self.folder):
            return self._duplicates.add(article.id, article.text, version_of(article))

    def commit(self, batch: Batch) -> None:
        """Add a batch; records of an earlier version or model go. StoreFullError keeps nothing of the batch."""
        with self._mutex, refusals_named(self.folder):
            try:
                moves = self._stage(batch)
                self._state.log(moves)
                self._parts.settle()
                self._state.commit()
            except (OSError, sqlite3.Error):
                self._abandon()
                raise
            self._parts.publish(moves)
            self._state.begin()
            self._state.cross_off()
            self._waiting.difference_update((article.id, version_of(article)) for article, _ in batch)

    def _stage(self, batch: Batch) -> list[Move]:
        """Write the batch's files aside and enter its articles; return the moves that publish it, removals first."""
        number = self._state.next_batch()
        latest = {article.id: (article, records) for article, records in batch}
        moves = [self._parts.without(part, ids, number) for part, ids in self._state.parts_of(latest).items()]
        by_date: dict[str, list[Mapping[str, Any]]] = {}
        for article, records in latest.values():
            if records:
                by_date.setdefault(date_of(article), []).extend(records)
        for date, records in sorted(by_date.items()):
            table = pa.Table.from_pylist(list(records), schema=self._schema)
            moves.append(self._parts.stage(table, number, part_name(date, number)))
        for article, records in batch:
            part = part_name(date_of(article), number) if latest[article.id][1] and records else None
            self._state.enter(article.id, self._model, version_of(article), part)
        return moves

    def _abandon(self) -> None:
        """Give the disk back what the failed batch took; the state is as after the last commit."""
        self._state.rollback()
        self._parts.sweep()

    def validators(self, url: str) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified of a feed whose entries the model has annotated, (None, None) if new."""
        with self._mutex:
            return self._state.feed(url, self._model)

    def remember_feed(self, url: str, etag: str | None, last_modified: str | None) -> None:
        """Note that all of a feed's entries are committed; call it when they are."""
        with self._mutex, refusals_named(self.folder):
            self._state.enter_feed(url, self._model, etag, last_modified)
            self._state.commit()
            self._state.begin()

    def counts(self) -> tuple[int, int]:
        """Return how many articles and Parquet files the store holds."""
        with self._mutex:
            return self._state.counts()

    def close(self) -> None:
        """End the open transaction without keeping it, and let the next run in."""
        with self._mutex:
            try:
                self._state.rollback()
                self._state.connection.close()
            finally:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Peek:
    """Looks into a store without lock or change, as a dry run does; a missing store holds nothing."""

    def __init__(self, folder: Path, model: str) -> None:
        self._model = model
        path = folder / ".state" / "state.sqlite"
        uri = f"{path.absolute().as_uri()}?mode=ro"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False) if path.exists() else None

    def pending(self, article: Article) -> bool:
        """Tell whether a run would annotate this version of the article."""
        if self._connection is None:
            return True
        try:
            found = self._connection.execute(
                "SELECT 1 FROM article JOIN annotation ON annotation.article = article.number "
                "JOIN model ON model.number = annotation.model WHERE id = ? AND uri = ? AND version = ?",
                (article.id, self._model, version_of(article)),
            ).fetchone()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"not the state of a store ({error})") from error
        return found is None
