"""One run at a time on one store."""

import json
import os
import socket
from pathlib import Path

import filelock

from stancewire.data.store.errors import StoreBusyError


class StoreLock:
    """Held from construction until ``release``, or until the process ends in whatever way (the system lets go then)."""

    def __init__(self, folder: Path, wait: float = 0.0) -> None:
        """Take the lock in a store's state ``folder``; StoreBusyError if another run has it after ``wait`` s."""
        self._holder = folder / "holder.json"
        # fallback_to_soft=False: a file system without locks must be an error, not a lock that outlives its holder.
        self._lock = filelock.FileLock(folder / "lock", timeout=wait, thread_local=False, fallback_to_soft=False)
        try:
            self._lock.acquire()
        except filelock.Timeout:
            waited = f" after {wait:g} s" if wait else ""
            raise StoreBusyError(
                f"{folder.parent}: still in use{waited} by another run ({self._who()}); "
                "let it end, or give --wait SECONDS to wait for it"
            ) from None
        self._holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}), encoding="utf-8")

    def release(self) -> None:
        """Let the next run in."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"process {holder['pid']} on {holder['host']}"
        except (OSError, ValueError, KeyError):
            return "unknown process"
