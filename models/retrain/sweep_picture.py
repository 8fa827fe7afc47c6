"""A sweep in one picture: how the trials went, and what each setting did."""

from collections.abc import Sequence

import numpy as np
import optuna
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COMPLETE, PRUNED = optuna.trial.TrialState.COMPLETE, optuna.trial.TrialState.PRUNED
INK, LINE = "#303030", "#0072b2"


def sweep_picture(trials: Sequence[optuna.trial.FrozenTrial]) -> Figure:
    """Draw every trial's mean macro-F1 in order with the best so far, and one panel per setting; cut-short ones as crosses."""
    names = sorted({name for trial in trials for name in trial.params})
    figure = Figure(figsize=(4.2 * (1 + len(names)), 3.6), layout="constrained")
    axes = figure.subplots(1, 1 + len(names), sharey=True, squeeze=False)[0]
    whole = [trial for trial in trials if trial.state == COMPLETE]
    _scatter(axes[0], trials, [float(trial.number) for trial in trials])
    best = np.maximum.accumulate([trial.value for trial in whole])
    axes[0].step([trial.number for trial in whole], best, where="post", color=LINE, label="best so far")
    axes[0].set_xlabel("trial")
    axes[0].set_ylabel("mean macro-F1 over folds")
    axes[0].legend(frameon=False)
    for axis, name in zip(axes[1:], names, strict=True):
        _setting(axis, name, [trial for trial in trials if name in trial.params])
    return figure


def _setting(axis: Axes, name: str, trials: Sequence[optuna.trial.FrozenTrial]) -> None:
    values = [trial.params[name] for trial in trials]
    if any(isinstance(value, str) for value in values):
        order = sorted({str(value) for value in values})
        _scatter(axis, trials, [float(order.index(str(value))) for value in values])
        axis.set_xticks(range(len(order)), order)
    else:
        _scatter(axis, trials, [float(value) for value in values])
        if getattr(trials[0].distributions[name], "log", False):
            axis.set_xscale("log")
    axis.set_xlabel(name)


def _scatter(axis: Axes, trials: Sequence[optuna.trial.FrozenTrial], places: Sequence[float]) -> None:
    for state, marker, label in ((COMPLETE, "o", "whole"), (PRUNED, "x", "cut short")):
        points = [(place, _value(trial)) for place, trial in zip(places, trials, strict=True) if trial.state == state]
        if points:
            across, up = zip(*points, strict=True)
            axis.scatter(across, up, s=24, marker=marker, color=INK, label=label)


def _value(trial: optuna.trial.FrozenTrial) -> float:
    if trial.state == PRUNED and trial.intermediate_values:
        return float(trial.intermediate_values[max(trial.intermediate_values)])
    return float(trial.value) if trial.value is not None else float("nan")
