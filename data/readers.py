"""Input: files, folders, globs and standard input become articles, one in memory at a time; failures become rejects.

Local files are read here. Other sources (pages, feeds, addresses, object stores) are passed in as
``ReadOptions.sources``: they are asked first, and may call ``read_stream`` for a file whose bytes they have fetched.
"""

import glob
import hashlib
import io
import os
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from stancewire.data.article import Article
from stancewire.data.errors import ConfigError
from stancewire.data.formats import HEAD, Format, Refusal, detect
from stancewire.data.rejects import Reason, Reject
from stancewire.data.tables import ByteStream, Columns, Result, read_csv, read_jsonl, read_parquet, read_text

STDIN = "-"

_REFUSALS: Mapping[Format | Refusal, tuple[Reason, str]] = {
    "empty": (Reason.EMPTY_FILE, "nothing but white space"),
    "binary": (Reason.BINARY, "data, not text; give text, JSON lines, CSV, TSV or Parquet"),
    "nul": (Reason.NUL_BYTES, "NUL characters; take them out, or is it UTF-16 without a byte order mark?"),
    "unknown": (Reason.UNSUPPORTED, "expected .txt, .jsonl (one JSON object a line), .csv, .tsv or .parquet"),
}


class Source(Protocol):
    """Reads what this module does not."""

    def claims(self, location: str, format: Format | Refusal | None) -> bool:
        """Tell whether this source reads ``location``: an address (``format`` None) or a file of that format."""

    def read(self, location: str) -> Iterator[Result]:
        """Yield articles and rejects. Raises nothing for a bad article or an unreachable place."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How input is read. ``columns`` maps our column names to the input's: {"text": "body"}.

    ``max_bytes`` bounds one article (a text file, a line, a row) and with it the memory. ``unique_ids`` rejects an
    article whose id came before, the same content or not, at about 100 bytes of memory an article (1 GB for ten
    million): 16 bytes of a hash of each id are kept.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    max_bytes: int = 10_000_000
    unique_ids: bool = True
    sources: tuple[Source, ...] = ()


def read_articles(inputs: Sequence[str], options: ReadOptions | None = None) -> Iterator[Result]:
    """Return an iterator over the articles of ``inputs`` in order, and the rejects among them.

    An input is a file, a folder (recursive, in the order of names, hidden files left out), a glob, ``-`` for JSON lines
    on standard input, or what one of ``options.sources`` claims. ConfigError, at once, names an input that does not
    exist and a column that we do not have. Everything later is a reject: a bad article never stops the others.
    """
    options = options or ReadOptions()
    columns = Columns(options.columns, options.max_bytes)
    for given in inputs:
        _check_input(given, options)
    seen: set[bytes] | None = set() if options.unique_ids else None
    return (result for given in inputs for result in _read_input(given, columns, options, seen))


def read_stream(location: str, stream: ByteStream, columns: Columns, format: Format | None = None) -> Iterator[Result]:
    """Yield the articles of an open file; its format goes by its bytes, then by the name ``location``, unless given."""
    found = format or detect(location, stream.peek(HEAD)[:HEAD], columns.all)
    if found == "text":
        yield from read_text(location, stream, columns)
    elif found == "jsonl":
        yield from read_jsonl(location, stream, columns)
    elif found == "csv":
        yield from read_csv(location, stream, columns)
    elif found == "parquet":
        yield from read_parquet(location, stream, columns)
    else:
        reason, detail = _REFUSALS.get(found, _REFUSALS["unknown"])
        yield Reject(reason, detail, location)


def _check_input(given: str, options: ReadOptions) -> None:
    if given == STDIN or os.path.lexists(given) or any(source.claims(given, None) for source in options.sources):
        return
    if not glob.has_magic(given):
        raise ConfigError(f"{given}: no such file or folder; expected a file, a folder, a glob, an address or -")
    if next(glob.iglob(given, recursive=True), None) is None:  # noqa: PTH207 - Path.glob takes no absolute pattern
        raise ConfigError(f"{given}: no file matches")


def _read_input(given: str, columns: Columns, options: ReadOptions, seen: set[bytes] | None) -> Iterator[Result]:
    if given == STDIN:
        yield from _guarded(STDIN, read_stream(STDIN, _stdin(), columns, "jsonl"), seen)
    elif any(source.claims(given, None) for source in options.sources):
        yield from _guarded(given, _from_source(given, None, options), seen)
    else:
        for path in _files(given):
            results = _read_file(path, columns, options, pipes=path == given)
            yield from _guarded(path, results, seen)


def _stdin() -> ByteStream:
    raw = sys.stdin.buffer
    return raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw)


def _read_file(path: str, columns: Columns, options: ReadOptions, pipes: bool) -> Iterator[Result]:
    """Read one file; a named pipe only where it was asked for by name, since one met in a folder could wait forever."""
    if not _is("file", path) and not (pipes and _is("pipe", path)):
        yield Reject(Reason.NOT_READABLE, "neither a file nor a folder, or a link that leads nowhere", path)
        return
    with Path(path).open("rb", buffering=HEAD) as stream:
        assert isinstance(stream, io.BufferedReader)
        found = detect(path, stream.peek(HEAD)[:HEAD], columns.all)
        if not any(source.claims(path, found) for source in options.sources):
            yield from read_stream(path, stream, columns)
            return
    yield from _from_source(path, found, options)


def _from_source(location: str, format: Format | Refusal | None, options: ReadOptions) -> Iterator[Result]:
    source = next(source for source in options.sources if source.claims(location, format))
    yield from source.read(location)


def _guarded(location: str, results: Iterator[Result], seen: set[bytes] | None) -> Iterator[Result]:
    """Turn what the system refuses and ids that came before into rejects; articles before them stand."""
    try:
        for result in results:
            if seen is not None and isinstance(result, Article):
                key = hashlib.blake2b(result.id.encode("utf-8", "surrogatepass"), digest_size=16).digest()
                if key in seen:
                    yield Reject(
                        Reason.DUPLICATE_ID, f"id {result.id!r} came before; that one is kept", location, result.id
                    )
                    continue
                seen.add(key)
            yield result
    except OSError as error:
        yield Reject(Reason.NOT_READABLE, error.strerror or type(error).__name__, location)


def _files(given: str) -> Iterator[str]:
    """Yield the files that an input stands for, sorted; a folder met twice, as by a looping link, is entered once."""
    entered: set[tuple[int, int]] = set()
    if os.path.lexists(given):
        yield from _below(given, entered)
        return
    seen: set[str] = set()
    for path in sorted(glob.glob(given, recursive=True)):  # noqa: PTH207
        for file in _below(path, entered):
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                yield file


def _below(path: str, entered: set[tuple[int, int]]) -> Iterator[str]:
    """Yield the files at or below ``path`` in the order of names, hidden ones left out."""
    if not _is("folder", path):
        yield path
        return
    status = Path(path).stat()
    if (status.st_dev, status.st_ino) in entered:
        return
    entered.add((status.st_dev, status.st_ino))
    try:
        names = sorted(entry.name for entry in Path(path).iterdir())
    except OSError:
        yield path
        return
    for name in names:
        if not name.startswith("."):
            yield from _below(str(Path(path) / name), entered)


def _is(what: Literal["file", "folder", "pipe"], path: str) -> bool:
    """Tell what stands at ``path``; False where the system will not say."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return False
    return {"file": stat.S_ISREG, "folder": stat.S_ISDIR, "pipe": stat.S_ISFIFO}[what](mode)
