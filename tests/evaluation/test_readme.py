"""The README's figures come from the evaluation's JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from stancewire.data.errors import ConfigError
from stancewire.models.evaluation.readme import BEGIN, END, update_readme
from stancewire.models.evaluation.results import Frame, model_result, seed_spread
from stancewire.models.evaluation.run import Evaluation, Judged
from tests.evaluation.conftest import MakeScored


@pytest.fixture(scope="module")
def figures(make_scored: MakeScored, frame: Frame) -> dict[str, Any]:
    models = [make_scored("weak", 1.0), make_scored("strong", 2.5, 1)]
    judged = [Judged(one, model_result(one, frame)) for one in models]
    spread = seed_spread({0: models[1], 1: make_scored("strong", 2.5, 2)})
    return Evaluation(frame, {"out-of-fold": judged}, {"strong": spread}).to_dict()


@pytest.fixture
def results(figures: dict[str, Any], tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    path.write_text(json.dumps(figures), encoding="utf-8")
    return path


def test_figures_are_replaced_between_the_markers_only(figures: dict[str, Any], results: Path, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"# Title\n\n{BEGIN}\nold 0.1\n{END}\n\nAfter.\n", encoding="utf-8")
    assert update_readme(readme, results)
    text = readme.read_text(encoding="utf-8")
    assert text.startswith("# Title\n") and text.endswith("After.\n") and "old 0.1" not in text
    for model in figures["sections"]["out-of-fold"]["models"]:
        for task, found in model["tasks"].items():
            assert f"| {task} | {model['name']} | {found['intervals']['macro_f1']['value']:.3f} [" in text
    assert "strong is better than weak" in text
    assert "strong over 2 seeds" in text
    assert not update_readme(readme, results)


@pytest.mark.parametrize("text", ["# No markers\n", f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"])
def test_missing_or_doubled_markers_are_refused(results: Path, tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="one pair of markers"):
        update_readme(readme, results)
    assert readme.read_text(encoding="utf-8") == text


def test_missing_results_say_how_to_make_them(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"{BEGIN}{END}", encoding="utf-8")
    with pytest.raises(ConfigError, match="make evaluate"):
        update_readme(readme, tmp_path / "results.json")
