"""The Parquet side of the store: files are written aside and reach the folder people read by a logged move only."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stancewire.data.article import Article

UNDATED = "unknown"
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Move:
    """A step of publishing: put the staged file ``source`` at ``target``, or remove ``target`` where source is None."""

    source: str | None
    target: str


def date_of(article: Article) -> str:
    """Return the partition of an article: its day of publication, or ``unknown``."""
    found = _DATE.match(article.published or "")
    return found[0] if found else UNDATED


class Parts:
    """``records/date=YYYY-MM-DD/*.parquet`` under ``folder``; what is staged stands under ``.state/staged``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staged = folder / ".state" / "staged"
        self.staged.mkdir(parents=True, exist_ok=True)
        (folder / "records").mkdir(exist_ok=True)

    def stage(self, table: pa.Table, batch: int, target: str) -> Move:
        """Write ``table`` aside, durably, to be placed at ``target``."""
        source = f"{batch:08d}-{target.replace('/', '-')}.staged"
        path = self.staged / source
        with path.open("xb") as sink:
            pq.write_table(table, sink, compression="zstd")
            sink.flush()
            os.fsync(sink.fileno())
        return Move(source, target)

    def without(self, target: str, articles: Sequence[str], batch: int) -> Move:
        """Stage the part at ``target`` without the records of ``articles``, or its removal if nothing would be left."""
        if not (self.folder / target).exists():  # a person took it away
            return Move(None, target)
        table = pq.read_table(self.folder / target, partitioning=None)
        gone = pc.is_in(table["article_id"], value_set=pa.array(articles, pa.string()))
        kept = table.filter(pc.invert(gone))
        return self.stage(kept, batch, target) if kept.num_rows else Move(None, target)

    def settle(self) -> None:
        """Make the staged names durable before the state refers to them."""
        _sync_folder(self.staged)

    def publish(self, moves: Sequence[Move]) -> None:
        """Carry out ``moves`` in order. Safe to repeat: a move that was done before is passed over."""
        for move in moves:
            target = self.folder / move.target
            if move.source is None:
                target.unlink(missing_ok=True)
                continue
            source = self.staged / move.source
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.exists():
                source.replace(target)
        for parent in {(self.folder / move.target).parent for move in moves}:
            if parent.is_dir():
                _sync_folder(parent)

    def sweep(self) -> None:
        """Remove what was staged by a batch that never was committed."""
        for path in self.staged.iterdir():
            path.unlink()


def part_name(date: str, batch: int) -> str:
    """Return where the records of one date of one batch go, relative to the store."""
    return f"records/date={date}/batch-{batch:08d}.parquet"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
