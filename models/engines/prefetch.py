"""A stage of a pipeline: an iterator that works ahead in a thread of its own, by a bounded number of items."""

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
_POLL = 0.1
_PATIENCE = 5.0


class _End:
    """Says that the source has ended, with its error if it raised one."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


@contextmanager
def prefetched(items: Iterable[Item], ahead: int, name: str) -> Iterator[Iterator[Item]]:
    """Give an iterator over ``items`` that a thread fills, never more than ``ahead`` items early.

    The source's exception comes out of the iterator. On leaving the block the thread is told to stop and waited for;
    one that hangs in its source (a silent pipe) is left behind after five seconds and ends with the process.
    """
    waiting: queue.Queue[Item | _End] = queue.Queue(maxsize=ahead)
    stop = threading.Event()

    def put(item: Item | _End) -> None:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=_POLL)
            except queue.Full:
                continue
            return

    def work() -> None:
        end = _End()
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    break
        except BaseException as error:  # noqa: BLE001 - handed to the consumer, whatever it is
            end = _End(error)
        put(end)

    def take() -> Generator[Item, None, None]:
        while True:
            item = waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item

    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    try:
        yield take()
    finally:
        stop.set()
        thread.join(_PATIENCE)
