"""The network as a picture for print: SVG and PNG, the same places as on the page."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stancewire.data.views.network import TwoMode
from stancewire.data.views.network_export import Group, xml_text
from stancewire.data.views.network_page import NODE_LIMIT, edges, layout

TIE_LIMIT = 70
_MARKERS = "os^Dv*P"
_AGREE, _CONFLICT = "#3b78a8", "#c9702c"


def draw_network(counts: TwoMode, groups: Mapping[str, Group], files: tuple[Path, ...]) -> None:
    """Draw the most active actors and their strongest ties (normalised); each suffix of ``files`` gives a format.

    Agreement is a solid line, conflict a dashed one; a group has its colour and its marker.
    """
    shown = counts.most_active(NODE_LIMIT)
    names = sorted({groups[actor].name for actor in shown.actors if actor in groups})
    with rc_context({"svg.hashsalt": "stancewire", "svg.fonttype": "none", "text.parse_math": False}):
        figure = Figure(figsize=(12, 7.5), layout="constrained")
        axes = figure.add_subplot()
        axes.set_axis_off()
        places = layout(shown)
        for i, j, weight, conflict in _strongest(shown):
            colour, dash = (_CONFLICT, "--") if conflict else (_AGREE, "-")
            ends = [places[i][0], places[j][0]], [-places[i][1], -places[j][1]]
            axes.plot(*ends, color=colour, linestyle=dash, linewidth=0.8 + 2.5 * weight, alpha=0.6, zorder=1)
        most = max(shown.activity.tolist())
        for actor, activity, (x, y) in zip(shown.actors, shown.activity.tolist(), places, strict=True):
            group = groups.get(actor)
            marker = _MARKERS[names.index(group.name) % len(_MARKERS)] if group else "o"
            size = 40 + 360 * activity / most
            axes.scatter(
                x, -y, s=size, marker=marker, color=group.colour if group else "#888888", edgecolor="black", zorder=2
            )
            axes.annotate(
                xml_text(actor)[:40], (x, -y), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8
            )
        figure.legend(handles=_legend(names, groups), loc="outside lower center", ncols=7, fontsize=8, frameon=False)
        for file in files:
            _save(figure, file)


def _strongest(counts: TwoMode) -> list[tuple[int, int, float, bool]]:
    """Return (i, j, weight 0..1, conflict?) of the strongest ties, the weakest first, so that the strong lie on top."""
    activity = counts.activity
    ties = []
    for i, j, congruence, conflict in edges(counts):
        mean = float(activity[i] + activity[j]) / 2
        ties += [(i, j, n / mean, kind) for n, kind in ((congruence, False), (conflict, True)) if n]
    ties.sort(key=lambda tie: (-tie[2], tie[0], tie[1]))
    most = ties[0][2] if ties else 1.0
    return [(i, j, weight / most, kind) for i, j, weight, kind in reversed(ties[:TIE_LIMIT])]


def _legend(names: list[str], groups: Mapping[str, Group]) -> list[Line2D]:
    colours = {group.name: group.colour for group in groups.values()}
    lines = [
        Line2D([], [], color=_AGREE, label="agreement"),
        Line2D([], [], color=_CONFLICT, ls="--", label="conflict"),
    ]
    return lines + [
        Line2D(
            [], [], color=colours[n], marker=_MARKERS[k % len(_MARKERS)], ls="", mec="black", label=n.replace("_", " ")
        )
        for k, n in enumerate(names)
    ]


def _save(figure: Figure, file: Path) -> None:
    kind = file.suffix.removeprefix(".")
    buffer = BytesIO()
    figure.savefig(buffer, format=kind, dpi=160, metadata={"Date": None} if kind == "svg" else None)
    beside = file.with_name(file.name + ".part")
    beside.write_bytes(buffer.getvalue())
    beside.replace(file)
