"""Pictures: all there, written as PNG, and legible without colour."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import imread

from stancewire.models.evaluation import pictures, terminal
from stancewire.models.evaluation.results import Frame, Result, model_result, seed_spread
from tests.evaluation.conftest import MakeScored


@pytest.fixture(scope="module")
def results(make_scored: MakeScored, frame: Frame) -> list[Result]:
    return [model_result(make_scored("weak", 1.0), frame), model_result(make_scored("strong", 2.5, 1), frame)]


CURVE = {"name": "weak", "shares": [0.5, 1.0], "tasks": {"stance": [[0.3, 0.4], [0.5, 0.6]]}}


@pytest.fixture(scope="module")
def drawn(results: list[Result], frame: Frame) -> dict[str, Figure]:
    return {**pictures.draw_all(results, frame.corpus.codebook), "learning-curve": pictures.learning_curve(CURVE)}


def test_every_kind_is_drawn_for_every_model_and_task(drawn: dict[str, Figure], frame: Frame) -> None:
    expected = {"comparison", "risk-coverage", "learning-curve"}
    for model in ("weak", "strong"):
        expected |= {f"reliability-{model}", f"risk-coverage-{model}"}
        for task in frame.corpus.codebook.task_names:
            expected |= {f"confusion-{model}-{task}", f"values-{model}-{task}"}
    assert set(drawn) == expected


def test_axes_are_named_and_nothing_needs_colour(drawn: dict[str, Figure]) -> None:
    for name, picture in drawn.items():
        main = picture.axes[0]
        assert main.get_ylabel(), name
        assert main.get_xlabel() or picture.get_supxlabel() or name == "comparison", name
        visible = [line for line in main.get_lines() if line.get_linestyle() != "None" or line.get_marker() != "None"]
        for line in visible:
            drawn_in = line.get_markeredgecolor() if line.get_linestyle() == "None" else line.get_color()
            assert np.ptp(to_rgb(drawn_in)) == 0, f"{name}: a line in colour"


def test_files_are_real_pictures(drawn: dict[str, Figure], tmp_path: Path) -> None:
    some = {name: drawn[name] for name in ("comparison", "confusion-weak-stance")}
    for path in pictures.save_all(some, tmp_path / "new"):
        pixels = imread(path)
        assert min(pixels.shape[:2]) > 300
        assert 0.02 < (pixels[..., :3].min(axis=2) < 0.9).mean() < 0.9


def test_bars_stand_as_high_as_the_figures(drawn: dict[str, Figure], results: list[Result]) -> None:
    heights = sorted(round(bar.get_height(), 6) for bar in drawn["comparison"].axes[0].patches)
    figures = sorted(round(task["macro_f1"], 6) for result in results for task in result["tasks"].values())
    assert heights == figures


def test_terminal_tables_line_up_and_fit(results: list[Result]) -> None:
    text = terminal.overall_table(results)
    lines = text.splitlines()
    assert len(lines) == 2 + 2 * len(results[0]["tasks"])
    assert max(map(len, lines)) <= 132
    summary = terminal.summary(results[1])
    for name, held in results[1]["tasks"]["stance"]["per_class"].items():
        assert f"{name}" in summary and f"{held['f1']:.3f} [" in summary


def test_spread_over_seeds_is_mean_and_sample_deviation(make_scored: MakeScored) -> None:
    by_seed = {seed: make_scored("m", 1.5, seed) for seed in (1, 2, 3)}
    spread = seed_spread(by_seed)
    values = [scored.metrics(scored.tasks[2]).macro_f1 for scored in by_seed.values()]
    found = spread["tasks"][by_seed[1].tasks[2].name]["macro_f1"]
    assert found["mean"] == pytest.approx(np.mean(values))
    assert found["sd"] == pytest.approx(np.std(values, ddof=1))
    assert f"{found['mean']:.3f} ± {found['sd']:.3f}" in terminal.spread_lines("m", spread)
