"""The quick config, fitted anew and held against the floors."""

from typing import Any

from stancewire.data.errors import StancewireError
from stancewire.data.splits import load_split
from stancewire.models.base import SilentLog
from stancewire.models.evaluation.behaviour.cases import load_suite
from stancewire.models.evaluation.behaviour.runner import run_behaviour
from stancewire.models.evaluation.floors import FLOORS, Floors, Measured, broken, renewed
from stancewire.models.evaluation.sources import score_bundle
from stancewire.models.settings import load_settings
from stancewire.models.tracking import ROOT
from stancewire.models.training import fit_bundle, prepare_experiment

QUICK = ROOT / "configs" / "quick.yaml"

Answer = tuple[str, dict[str, Any]]


class FloorBrokenError(StancewireError):
    """The quick config's model does less well than it did."""


def measure_quick() -> Measured:
    """Fit the quick config on the committed split and measure it on its test part."""
    settings = load_settings(QUICK)
    data = prepare_experiment(settings)
    bundle = fit_bundle(settings, data, settings.seed, SilentLog())
    corpus = data.corpus.select(load_split(data.corpus).test)
    scored = score_bundle(bundle, settings.name, corpus, "test")
    suite = load_suite(data.codebook)
    tests = run_behaviour(bundle, suite, corpus)["tests"] if suite else {}
    return Measured(
        config=settings.name,
        corpus=data.corpus.digest,
        macro_f1={task.name: scored.metrics(task).macro_f1 for task in scored.tasks},
        behaviour={name: one["rate"] for name, one in tests.items()},
        lower_is_better=frozenset(name for name, one in tests.items() if one["lower_is_better"]),
    )


def check_floors() -> Answer:
    """Hold the quick config against the committed floors; FloorBrokenError names every one that is broken."""
    floors, found = Floors.load(), measure_quick()
    lines = broken(floors, found)
    if lines:
        raise FloorBrokenError("; ".join(lines))
    held = ", ".join(
        f"{task} {value:.3f} (floor {floors.macro_f1[task]:.3f})" for task, value in found.macro_f1.items()
    )
    return f"floors hold: {held}; {len(floors.behaviour)} behaviour bounds", found.model_dump(mode="json")


def set_floors(allow_lower: bool) -> Answer:
    """Measure the quick config and write the floors; they only rise unless ``allow_lower`` says otherwise."""
    old = Floors.load() if FLOORS.is_file() else None
    floors = renewed(old, measure_quick(), allow_lower)
    floors.save()
    return f"{FLOORS.name}: {floors.macro_f1}", floors.model_dump(mode="json")
