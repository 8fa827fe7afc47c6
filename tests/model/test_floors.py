"""The quick config's model, fitted anew, keeps its floors of macro-F1 and behaviour."""

import pytest

from stancewire.models.evaluation.quick import check_floors


@pytest.mark.slow
def test_the_quick_config_keeps_its_floors() -> None:
    text, _ = check_floors()
    assert text.startswith("floors hold")
