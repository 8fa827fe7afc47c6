"""What tests of several folders share."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest


@contextmanager
def _mlflow_at(uri: str) -> Iterator[None]:
    import mlflow

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        patch.setenv("MLFLOW_REGISTRY_URI", uri)
        mlflow.set_tracking_uri(uri)
        mlflow.set_registry_uri(uri)
        yield
        mlflow.set_tracking_uri("")
        mlflow.set_registry_uri("")


@pytest.fixture
def mlflow_at() -> Iterator[Callable[[str], None]]:
    """Point MLflow at a store until the test ends.

    MLflow keeps the address once per process: one left behind would be asked by whichever test comes next.
    """
    with ExitStack() as stack:
        yield lambda uri: stack.enter_context(_mlflow_at(uri))
