"""Gathers annotated articles into batches for the store."""

from collections.abc import Mapping, Sequence
from typing import Any

from stancewire.data.article import Article
from stancewire.data.store.store import Store

BATCH_ARTICLES = 500


class StoreSink:
    """Commits to ``store`` whenever ``size`` articles have come; ``flush`` commits the rest."""

    def __init__(self, store: Store, size: int = BATCH_ARTICLES) -> None:
        self._store = store
        self._size = size
        self._batch: list[tuple[Article, Sequence[Mapping[str, Any]]]] = []

    def write(self, article: Article, records: Sequence[Mapping[str, Any]]) -> None:
        """Take one article; StoreFullError where the batch that it completes finds no room."""
        self._batch.append((article, records))
        if len(self._batch) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Commit what has come since the last batch."""
        if self._batch:
            self._store.commit(self._batch)
            self._batch = []
