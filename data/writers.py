"""Output: records as JSON lines, CSV or Parquet, and the rejected file. What stands under its final name is whole.

Everything is written to ``NAME.part`` in the same folder and renamed when complete: a run that fails or is killed
leaves what stood there before. Equal records give equal bytes.
"""

import csv
import fcntl
import io
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.records import Record, arrow_schema, csv_header
from stancewire.data.rejects import Reject
from stancewire.data.review.spreadsheet import guard

STDOUT = "-"
SUFFIXES = (".jsonl", ".csv", ".parquet")

_ROW_GROUP = 10_000


class OutputError(DataError):
    """The output cannot be written (a full disk, a folder that is read-only, another run at work); names the path."""


class Writer(ABC):
    """Writes records in the order given, with the codebook's fields in their order."""

    def __init__(self, sink: BinaryIO, codebook: Codebook, path: str | Path) -> None:
        self.sink = sink
        self.names = csv_header(codebook)
        self.path = path

    def write(self, records: Iterable[Record]) -> None:
        """Append ``records``. DataError: one lacks a field, or has one that the codebook does not give. OutputError."""
        ordered = [self._ordered(record) for record in records]
        with _named(self.path):
            self._write(ordered)

    def finish(self) -> None:
        """Write what is still held back; the sink stays open."""
        with _named(self.path):
            self.sink.flush()

    def abandon(self) -> None:
        """Drop what is held back: the output is about to be removed."""
        self.names.clear()

    @abstractmethod
    def _write(self, records: list[dict[str, Any]]) -> None:
        """Append records whose fields are complete and in order."""

    def _ordered(self, record: Record) -> dict[str, Any]:
        if len(record) != len(self.names) or any(name not in record for name in self.names):
            missing = [name for name in self.names if name not in record]
            unknown = [name for name in record if name not in self.names]
            raise DataError(f"record: missing {missing or 'none'}, unknown {unknown or 'none'}; expected {self.names}")
        return {name: record[name] for name in self.names}


class JsonLinesWriter(Writer):
    """One JSON object a line, UTF-8."""

    def _write(self, records: list[dict[str, Any]]) -> None:
        self.sink.write("".join(_json(record) + "\n" for record in records).encode("utf-8"))


class CsvWriter(Writer):
    """RFC 4180 with a header, UTF-8, an empty cell for null and ``probabilities`` as a JSON string.

    A text that a spreadsheet program would run as a formula (it begins with = + - @, a tab or a line end) gets an
    apostrophe before it; ``start`` and ``end`` count without that apostrophe, and
    ``stancewire.data.review.spreadsheet.unguard`` takes it away.
    """

    def __init__(self, sink: BinaryIO, codebook: Codebook, path: str | Path) -> None:
        super().__init__(sink, codebook, path)
        self._cells([self.names])

    def _write(self, records: list[dict[str, Any]]) -> None:
        self._cells([[_cell(value) for value in record.values()] for record in records])

    def _cells(self, rows: list[list[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)  # it quotes what the terminator holds, \r too
        self.sink.write(text.getvalue().encode("utf-8"))


class ParquetWriter(Writer):
    """Parquet, zstd, row groups of 10,000; ``probabilities`` is map<string, map<string, double>>."""

    def __init__(self, sink: BinaryIO, codebook: Codebook, path: str | Path) -> None:
        super().__init__(sink, codebook, path)
        self.schema = arrow_schema(codebook)
        self.table = pq.ParquetWriter(sink, self.schema, compression="zstd")
        self.held: list[dict[str, Any]] = []

    def _write(self, records: list[dict[str, Any]]) -> None:
        self.held += records
        if len(self.held) >= _ROW_GROUP:
            self._flush()

    def finish(self) -> None:
        """Write the last row group and the footer."""
        with _named(self.path):
            self._flush()
            self.table.close()

    def abandon(self) -> None:
        """Close the library's writer, which else would write to a closed file when it is collected."""
        self.held = []
        with suppress(Exception):
            self.table.close()

    def _flush(self) -> None:
        while self.held:
            group, self.held = self.held[:_ROW_GROUP], self.held[_ROW_GROUP:]
            columns = [_column([record[field.name] for record in group], field.type) for field in self.schema]
            self.table.write_table(pa.Table.from_arrays(columns, schema=self.schema))


class RejectWriter:
    """Writes rejects to ``OUT.rejected.jsonl``, or a line each to standard error where OUT is standard output."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.counts: dict[str, int] = {}
        self.stream: BinaryIO | None = None

    def write(self, reject: Reject) -> None:
        """Note one reject; ``counts`` says how many there were of each reason."""
        self.counts[reject.reason.value] = self.counts.get(reject.reason.value, 0) + 1
        if self.path is None:
            sys.stderr.write(f"rejected: {reject}\n")
            return
        with _named(self.path):
            if self.stream is None:
                self.stream = _open_part(self.path)
            self.stream.write((_json(reject.as_record()) + "\n").encode("utf-8", "backslashreplace"))


@contextmanager
def open_writer(output: str | Path, codebook: Codebook) -> Iterator[Writer]:
    """Open ``output`` (.jsonl, .csv, .parquet, or ``-`` for JSON lines on standard output) to write records.

    The file stands under its name when the block ends well, and as before when it does not. ConfigError: another
    suffix, a folder of that name, or no folder to write in. OutputError: a full disk, a read-only folder, or another
    run at work on ``output``.
    """
    if str(output) == STDOUT:
        writer: Writer = JsonLinesWriter(sys.stdout.buffer, codebook, "standard output")
        yield writer
        writer.finish()
        return
    path = _target(output)
    with _named(path):
        stream = _open_part(path)
    with _committing(path, stream):
        with _named(path):
            writer = _WRITERS[path.suffix.lower()](stream, codebook, path)
        try:
            yield writer
            writer.finish()
        except BaseException:
            writer.abandon()
            raise


@contextmanager
def open_rejects(output: str | Path) -> Iterator[RejectWriter]:
    """Open the rejected file beside ``output``: it stands there afterwards exactly if something was rejected."""
    if str(output) == STDOUT:
        yield RejectWriter(None)
        return
    path = rejects_path(output)
    writer = RejectWriter(path)
    try:
        yield writer
    except BaseException:
        if writer.stream is not None:
            _discard(path, writer.stream)
        raise
    if writer.stream is not None:
        with _committing(path, writer.stream):
            return
    with _named(path):
        path.unlink(missing_ok=True)


def rejects_path(output: str | Path) -> Path:
    """Return where the rejects of ``output`` go: ``feed.rejected.jsonl`` for ``feed.parquet``."""
    return Path(output).with_suffix(".rejected.jsonl")


_WRITERS: Mapping[str, type[Writer]] = {".jsonl": JsonLinesWriter, ".csv": CsvWriter, ".parquet": ParquetWriter}


def _target(output: str | Path) -> Path:
    """Return the file to write, links followed; ConfigError if it cannot be one."""
    path = Path(os.path.realpath(output))
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{output}: expected a name that ends in {', '.join(SUFFIXES)}, or - for standard output")
    if path.exists() and not path.is_file():
        raise ConfigError(f"{output}: expected a file to write, found something else of that name")
    if not path.parent.is_dir():
        raise ConfigError(f"{output}: no folder {path.parent}; make it, or give another name")
    return path


def _part(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


def _open_part(path: Path) -> BinaryIO:
    """Open ``path``'s part, empty and locked. The lock ends with the process: a part left by a killed run is no bar."""
    part = _part(path)
    while True:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        stream = os.fdopen(handle, "wb")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise OutputError(f"{path}: another run is writing it; let it end, or give another name") from None
        # Between opening and locking, another run may have renamed or removed the file that we now hold.
        with suppress(FileNotFoundError):
            if part.stat().st_ino == os.fstat(handle).st_ino:
                stream.truncate(0)
                return stream
        stream.close()


@contextmanager
def _committing(path: Path, stream: BinaryIO) -> Iterator[None]:
    """Rename the part to ``path``, durably, if the block ends well; else remove it."""
    try:
        yield
        with _named(path):
            stream.flush()
            os.fsync(stream.fileno())
            _part(path).replace(path)
    except BaseException:
        _discard(path, stream)
        raise
    stream.close()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _discard(path: Path, stream: BinaryIO) -> None:
    """Remove the part. What is still in the buffer may not fit on the disk: that failure is the one being handled."""
    with suppress(OSError):
        _part(path).unlink()
    with suppress(OSError):
        stream.close()


@contextmanager
def _named(path: str | Path) -> Iterator[None]:
    """Turn the system's refusals into one error that names the path; a pipe whose reader left says so itself."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        cause = error.strerror or str(error)
        kept = "; what stood there before is untouched" if isinstance(path, Path) else ""
        raise OutputError(f"{path}: cannot be written: {cause}{kept}") from error


def _json(record: Mapping[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, allow_nan=False)


def _column(values: list[Any], kind: pa.DataType) -> pa.Array:
    """Return values as an Arrow array, maps from their flat parts: several times as fast as from objects."""
    if not pa.types.is_map(kind):
        return pa.array(values, kind)
    ends = list(accumulate((len(value) for value in values), initial=0))
    keys = pa.array([key for value in values for key in value], kind.key_type)
    items = _column([item for value in values for item in value.values()], kind.item_type)
    return pa.MapArray.from_arrays(pa.array(ends, pa.int32()), keys, items)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return _json(value)
    return guard(value) if isinstance(value, str) else repr(value)
