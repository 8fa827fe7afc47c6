import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SERVER = runpy.run_path(str(Path(__file__).parents[1] / "feeds" / "server.py"))


@pytest.fixture
def web() -> Iterator[Any]:
    """A Site (see tests/feeds/server.py) without routes."""
    with _SERVER["site"]() as server:
        yield server
