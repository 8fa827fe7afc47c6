"""The SQLite side of the store: which article is annotated under which model, and the log of moves still to be made."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from stancewire.data.store.errors import StoreError
from stancewire.data.store.parts import Move

FORMAT = "1"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS model (number INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS part (number INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS article (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, part INTEGER REFERENCES part (number));
CREATE TABLE IF NOT EXISTS annotation (
    article INTEGER NOT NULL, model INTEGER NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (article, model, version)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feed (
    url TEXT NOT NULL, model INTEGER NOT NULL, etag TEXT, last_modified TEXT, PRIMARY KEY (url, model)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS move (number INTEGER PRIMARY KEY, source TEXT, target TEXT NOT NULL);
"""


class State:
    """Queries over one connection. Everything between two calls of ``commit`` is one transaction."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.executescript(_SCHEMA)
            self.expect("format", FORMAT)
        except sqlite3.DatabaseError as error:
            self.connection.close()
            if type(error) is not sqlite3.DatabaseError:
                raise
            raise StoreError(
                f"{path}: not the state of a store ({error}); restore it, or start a new folder"
            ) from error

    def expect(self, key: str, value: str) -> None:
        """Note ``value`` under ``key`` at first; StoreError if the store has noted another since."""
        self.connection.execute("INSERT OR IGNORE INTO meta VALUES (?, ?)", (key, value))
        (found,) = self.connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        if found != value:
            raise StoreError(f"the store's {key} is {found}, this run's is {value}; use another folder for --store")

    def begin(self) -> None:
        """Open the transaction that the next batch ends."""
        self.connection.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """End the transaction: what it holds is durable now."""
        self.connection.execute("COMMIT")

    def rollback(self) -> None:
        """Forget what the open transaction did, if there is one."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def model(self, uri: str) -> int:
        """Return the number of a model, noting it if new."""
        self.connection.execute("INSERT OR IGNORE INTO model (uri) VALUES (?)", (uri,))
        return int(self.connection.execute("SELECT number FROM model WHERE uri = ?", (uri,)).fetchone()[0])

    def annotated(self, article: str, model: int, version: str) -> bool:
        """Tell whether this version of the article has been annotated by the model."""
        found = self.connection.execute(
            "SELECT 1 FROM article JOIN annotation ON annotation.article = article.number "
            "WHERE id = ? AND model = ? AND version = ?",
            (article, model, version),
        )
        return found.fetchone() is not None

    def parts_of(self, articles: Iterable[str]) -> dict[str, list[str]]:
        """Return which of ``articles`` have records now, by the part that holds them."""
        parts: dict[str, list[str]] = {}
        for article in articles:
            row = self.connection.execute(
                "SELECT path FROM article JOIN part ON article.part = part.number WHERE id = ?", (article,)
            ).fetchone()
            if row:
                parts.setdefault(row[0], []).append(article)
        return parts

    def enter(self, article: str, model: int, version: str, part: str | None) -> None:
        """Note that ``part`` holds the article's records now (None: it has none)."""
        if part is not None:
            self.connection.execute("INSERT OR IGNORE INTO part (path) VALUES (?)", (part,))
        self.connection.execute(
            "INSERT INTO article (id, part) VALUES (?, (SELECT number FROM part WHERE path = ?)) "
            "ON CONFLICT (id) DO UPDATE SET part = excluded.part",
            (article, part),
        )
        self.connection.execute(
            "INSERT OR IGNORE INTO annotation SELECT number, ?, ? FROM article WHERE id = ?", (model, version, article)
        )

    def log(self, moves: Sequence[Move]) -> None:
        """Note moves that the commit promises."""
        self.connection.executemany(
            "INSERT INTO move (source, target) VALUES (?, ?)", [(move.source, move.target) for move in moves]
        )

    def promised(self) -> list[Move]:
        """Return the moves that were promised and not crossed off, in order."""
        rows = self.connection.execute("SELECT source, target FROM move ORDER BY number")
        return [Move(source, target) for source, target in rows]

    def cross_off(self) -> None:
        """Forget the promised moves: they are made."""
        self.connection.execute("DELETE FROM move")

    def next_batch(self) -> int:
        """Count a batch; numbers of batches that were rolled back come again."""
        self.connection.execute("INSERT OR IGNORE INTO meta VALUES ('batch', '0')")
        self.connection.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'batch'")
        return int(self.connection.execute("SELECT value FROM meta WHERE key = 'batch'").fetchone()[0])

    def pruned(self, number: int | None = None) -> int:
        """Return up to which number signatures were cleared of uncommitted ones; note ``number`` if given."""
        if number is not None:
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES ('pruned', ?)", (str(number),))
        row = self.connection.execute("SELECT value FROM meta WHERE key = 'pruned'").fetchone()
        return int(row[0]) if row else 0

    def known(self, article: str, version: str) -> bool:
        """Tell whether any model has annotated this version of the article."""
        found = self.connection.execute(
            "SELECT 1 FROM article JOIN annotation ON annotation.article = article.number WHERE id = ? AND version = ?",
            (article, version),
        )
        return found.fetchone() is not None

    def feed(self, url: str, model: int) -> tuple[str | None, str | None]:
        """Return the ETag and Last-Modified that a feed gave when the model had annotated all of it."""
        row = self.connection.execute("SELECT etag, last_modified FROM feed WHERE url = ? AND model = ?", (url, model))
        found = row.fetchone()
        return (found[0], found[1]) if found else (None, None)

    def enter_feed(self, url: str, model: int, etag: str | None, last_modified: str | None) -> None:
        """Note what a feed gave."""
        self.connection.execute("INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?)", (url, model, etag, last_modified))

    def counts(self) -> tuple[int, int]:
        """Return the numbers of articles and of parts."""
        row = self.connection.execute(
            "SELECT (SELECT COUNT(*) FROM article), (SELECT COUNT(DISTINCT part) FROM article)"
        ).fetchone()
        return int(row[0]), int(row[1])
