"""What can go wrong with a store."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from stancewire.data.errors import StancewireError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class StoreError(StancewireError):
    """The store is damaged, of another format or of another codebook."""


class StoreBusyError(StancewireError):
    """Another run holds the store."""


class StoreFullError(StancewireError):
    """The disk is full; the batch at hand was not kept, what was committed before stands."""


@contextmanager
def full_disk_named(folder: object) -> Iterator[None]:
    """Turn the system's and SQLite's ways of saying "disk full" into StoreFullError."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full(folder, error) from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}:
            raise
        raise _full(folder, error) from error


def _full(folder: object, error: Exception) -> StoreFullError:
    return StoreFullError(
        f"{folder}: no room on the disk ({error}); the batch at hand was not kept, every earlier one was. "
        "Make room and run the same command again"
    )
