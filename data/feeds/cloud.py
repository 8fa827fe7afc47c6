"""Object stores and other places that ``fsspec`` opens: s3://, gs://, az://, hdfs://, ftp:// and so on."""

import io
import re
from collections.abc import Iterator
from typing import Any, cast

import fsspec

from stancewire.data.errors import ConfigError, MissingExtraError
from stancewire.data.feeds.source import WebSource
from stancewire.data.formats import HEAD, Format, Refusal
from stancewire.data.markup import sniff
from stancewire.data.readers import read_stream
from stancewire.data.rejects import Reason, Reject
from stancewire.data.tables import Columns, Result

_ADDRESS = re.compile(r"(?!https?://)([a-z][a-z0-9+.-]+)://", re.IGNORECASE)


class CloudSource:
    """Reads what stands at ``scheme://`` addresses: a file, a folder (recursive) or a glob (a ``Source``).

    Tables are streamed; pages and feeds among the files go to ``web``. Credentials come from the scheme's own usual
    places (environment, profile, instance role).
    """

    def __init__(self, web: WebSource, columns: Columns | None = None, max_bytes: int = 20_000_000) -> None:
        self._web = web
        self._columns = columns or Columns()
        self._max_bytes = max_bytes

    def claims(self, location: str, format: Format | Refusal | None) -> bool:
        """Tell whether ``location`` is such an address.

        ConfigError for a scheme nobody knows, MissingExtraError for one whose library is not installed.
        """
        found = _ADDRESS.match(location) if format is None else None
        if found is None:
            return False
        scheme = found[1].lower()
        try:
            fsspec.get_filesystem_class(scheme)
        except ValueError:
            raise ConfigError(f"{location}: unknown scheme {scheme!r}; expected http, https, s3, gs, az, …") from None
        except ImportError as error:
            raise MissingExtraError(f"{location}: {scheme} needs a library that is not installed: {error}") from None
        return True

    def read(self, location: str) -> Iterator[Result]:
        """Yield the articles of the files at ``location`` in the order of their names."""
        try:
            system, path = fsspec.core.url_to_fs(location)
            names = _files(system, path)
        except Exception as error:  # noqa: BLE001 - every store raises its own
            yield _unreadable(location, error)
            return
        if not names:
            yield Reject(Reason.NOT_READABLE, "nothing is there", location)
        for name in names:
            place = system.unstrip_protocol(name)
            try:
                yield from self._read_file(system, name, place)
            except Exception as error:  # noqa: BLE001
                yield _unreadable(place, error)

    def _read_file(self, system: Any, name: str, place: str) -> Iterator[Result]:
        with system.open(name, "rb") as opened:
            stream = io.BufferedReader(cast(Any, opened), buffer_size=HEAD)
            kind = sniff(stream.peek(HEAD)[:HEAD])
            if kind is None:
                yield from read_stream(place, stream, self._columns)
                return
            content = stream.read(self._max_bytes + 1)
        if len(content) > self._max_bytes:
            yield Reject(Reason.TOO_LARGE, f"more than {self._max_bytes:,} bytes", place)
            return
        yield from self._web.read_document(content, place, kind)


def _files(system: Any, path: str) -> list[str]:
    """Return the files that a path or pattern stands for, sorted, hidden ones left out."""
    if any(mark in path for mark in "*?["):
        found = [name for name in system.glob(path) if system.isfile(name)]
    else:
        found = system.find(path)
    return sorted(name for name in found if not name.rsplit("/", 1)[-1].startswith("."))


def _unreadable(location: str, error: Exception) -> Reject:
    return Reject(Reason.NOT_READABLE, f"{type(error).__name__}: {' '.join(str(error).split())[:300]}", location)
