"""What can go wrong with a store."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from stancewire.data.errors import StancewireError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreError(StancewireError):
    """The store is damaged, of another format or of another codebook, or the system refuses it."""


class StoreBusyError(StancewireError):
    """Another run holds the store."""


class StoreFullError(StancewireError):
    """The disk is full; the batch at hand was not kept, what was committed before stands."""


@contextmanager
def refusals_named(folder: object) -> Iterator[None]:
    """Turn the system's and SQLite's ways of saying "disk full" into StoreFullError, other refusals into StoreError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(folder, error) from error
        where = f" ({error.filename})" if error.filename else ""
        raise StoreError(f"{folder}: not usable as a store: {error.strerror or error}{where}") from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}:
            raise _full(folder, error) from error
        raise StoreError(f"{folder}: not usable as a store: {error}") from error


def _full(folder: object, error: Exception) -> StoreFullError:
    return StoreFullError(
        f"{folder}: no room on the disk ({error}); the batch at hand was not kept, every earlier one was. "
        "Make room and run the same command again"
    )
