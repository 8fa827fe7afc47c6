"""Near-duplicate articles: news is syndicated, so the same text comes under many addresses.

Two texts are near-duplicates when the Jaccard similarity of their word 3-shingles, estimated by MinHash (Broder, 1997;
``datasketch``), is at least ``THRESHOLD``. Measured on the 46 seed articles with exact similarities: two different
articles share at most 0.03, although live blogs repeat an occasional sentence; a copy with every tenth word
changed keeps at least 0.46, one that lost a fifth of its sentences at least 0.48, one inside a page's boilerplate at
least 0.59, one under a new headline at least 0.87. The threshold stands in the empty middle, nearer to the copies.
"""

import hashlib
import re
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from stancewire.data.errors import DataError

THRESHOLD = 0.4
SHINGLE_WORDS = 3
PERMUTATIONS = 128
# 42 bands of 3 rows find a pair of similarity 0.46 with probability 0.985 and look at one in a thousand pairs of 0.03.
BANDS, ROWS = 42, 3
_SEED = 1  # part of the stored format: signatures of another seed cannot be compared
_WORD = re.compile(r"\w+")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS signature (
    number INTEGER PRIMARY KEY, article TEXT NOT NULL, version TEXT NOT NULL, hashes BLOB NOT NULL,
    UNIQUE (article, version));
CREATE TABLE IF NOT EXISTS band (
    key INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (key, number)) WITHOUT ROWID;
"""

Hashes = NDArray[np.uint32]


def shingles(text: str) -> set[bytes]:
    """Return the case-folded word 3-shingles of ``text``; a shorter text is one shingle, one without words none."""
    words = _WORD.findall(text.casefold())
    if not words:
        return set()
    last = max(1, len(words) - SHINGLE_WORDS + 1)
    return {" ".join(words[start : start + SHINGLE_WORDS]).encode() for start in range(last)}


def signature(text: str) -> MinHash:
    """Return the MinHash of the text's shingles (128 values); texts without words get the empty one."""
    sketch = MinHash(num_perm=PERMUTATIONS, seed=_SEED, hashfunc=zlib.crc32)
    sketch.update_batch(sorted(shingles(text)))
    return sketch


class NearDuplicates:
    """Remembers articles in SQLite and finds the earliest one that a new article repeats.

    Without a connection the index lives in a temporary file that SQLite removes, so memory stays bounded. Only
    articles that repeat no earlier one are looked up later: every copy names the original, never another copy. The
    answers depend on the order of ``add`` alone. One thread at a time.
    """

    def __init__(self, connection: sqlite3.Connection | None = None, threshold: float = THRESHOLD) -> None:
        self._temporary = connection is None
        self._connection = connection or sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._connection.executescript(_SCHEMA)
        self._threshold = threshold

    def add(self, article: str, text: str, version: str | None = None) -> str | None:
        """Return the id of the earliest article that ``text`` repeats (never ``article`` itself), else remember it.

        ``version`` names this state of the article's text (default: a digest of it); adding one twice changes nothing.
        """
        sketch = signature(text)
        if sketch.is_empty():
            return None
        hashes = sketch.hashvalues
        try:
            earlier = self._earliest(article, hashes)
            if earlier is None:
                self._insert(article, version or hashlib.sha256(text.encode()).hexdigest()[:16], hashes)
        except sqlite3.OperationalError as error:
            if not self._temporary:
                raise
            raise DataError(
                f"{tempfile.gettempdir()}: the temporary index of duplicates cannot be written ({error}); "
                "make room there, or set TMPDIR to a folder that has it"
            ) from error
        return earlier

    def prune(self, after: int, keep: Callable[[str, str], bool]) -> int:
        """Forget what was remembered above number ``after``, but for the (article, version) that ``keep`` wants.

        Returns the highest number that remains (``after`` if none does).
        """
        rows = self._connection.execute(
            "SELECT number, article, version, hashes FROM signature WHERE number > ?", (after,)
        )
        highest = after
        for number, article, version, blob in rows.fetchall():
            if keep(article, version):
                highest = max(highest, number)
                continue
            keys = _band_keys(np.frombuffer(blob, dtype="<u4"))
            self._connection.executemany(
                "DELETE FROM band WHERE key = ? AND number = ?", [(key, number) for key in keys]
            )
            self._connection.execute("DELETE FROM signature WHERE number = ?", (number,))
        return highest

    def _earliest(self, article: str, hashes: Hashes) -> str | None:
        keys = list(_band_keys(hashes))
        marks = ",".join("?" * len(keys))
        rows = self._connection.execute(
            f"SELECT article, hashes FROM signature WHERE number IN (SELECT number FROM band WHERE key IN ({marks})) "  # noqa: S608
            "AND article <> ? ORDER BY number",
            (*keys, article),
        )
        for earlier, blob in rows:
            if float(np.mean(np.frombuffer(blob, dtype="<u4") == hashes)) >= self._threshold:
                return str(earlier)
        return None

    def _insert(self, article: str, version: str, hashes: Hashes) -> None:
        cursor = self._connection.execute(
            "INSERT OR IGNORE INTO signature (article, version, hashes) VALUES (?, ?, ?)",
            (article, version, hashes.astype("<u4").tobytes()),
        )
        if cursor.rowcount:
            self._connection.executemany(
                "INSERT OR IGNORE INTO band (key, number) VALUES (?, ?)",
                [(key, cursor.lastrowid) for key in _band_keys(hashes)],
            )


def group_duplicates(texts: Sequence[str], threshold: float = THRESHOLD) -> list[int]:
    """Return a group number per text, counted from 0 by first appearance; near-duplicates of near-duplicates join."""
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    sketches = [signature(text) for text in texts]
    pairs: list[tuple[int, int]] = []
    for number, sketch in enumerate(sketches):
        if sketch.is_empty():
            continue
        pairs += [(number, other) for other in index.query(sketch) if sketch.jaccard(sketches[other]) >= threshold]
        index.insert(number, sketch)
    rows, columns = ([pair[side] for pair in pairs] for side in (0, 1))
    graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(texts), len(texts)))
    if not texts:
        return []
    labels = connected_components(graph, directed=False)[1]
    order: dict[int, int] = {}
    return [order.setdefault(int(label), len(order)) for label in labels]


def _band_keys(hashes: Hashes) -> Iterator[int]:
    """Yield a signed 64-bit key per band: equal keys make two articles candidates."""
    values = hashes.astype("<u4")
    for band in range(BANDS):
        rows = values[band * ROWS : (band + 1) * ROWS].tobytes()
        yield int.from_bytes(hashlib.blake2b(rows, digest_size=8, salt=bytes([band])).digest(), "big", signed=True)
