"""The discourse network as the page and the picture show it: the most active actors, both relations, fixed places."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import networkx as nx
import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from stancewire.data.views.inputs import ArticleRows
from stancewire.data.views.network import Actors, Affiliations, NetworkSettings, TwoMode, statements
from stancewire.data.views.network_export import Group, cells
from stancewire.data.views.payload import NAME_LIMIT, Json
from stancewire.data.views.roles import Roles
from stancewire.data.views.safety import visible

NODE_LIMIT = 40
PERIOD_LIMIT = 24

Places = npt.NDArray[np.float64]  # shape (actors, 2)


class NetworkCounts:
    """Counts one network's statements, and which group each actor mostly speaks for."""

    def __init__(self, roles: Roles, settings: NetworkSettings) -> None:
        self.roles = roles
        self.settings = settings
        self.affiliations = Affiliations(settings.duplicates)
        self._groups: dict[str, Counter[int]] = {}
        self._months: dict[date, Affiliations] = {}

    def add(self, article: ArticleRows) -> None:
        """Count the statements of one article."""
        found = list(statements(article, self.roles.codebook, self.settings))
        self.affiliations.add(found)
        if article.published and found:
            month = article.published.replace(day=1)
            self._months.setdefault(month, Affiliations(self.settings.duplicates)).add(found)
        for item in found:
            value = self.roles.value(item.row, self.roles.group)
            if value is not None:
                self._groups.setdefault(item.actor, Counter())[value] += 1

    def groups(self) -> dict[str, Group]:
        """Return each actor's group, the one it speaks for most often."""
        task = self.roles.task(self.roles.group)
        if task is None:
            return {}
        chosen = {actor: task.values[min(found, key=lambda v: (-found[v], v))] for actor, found in self._groups.items()}
        return {actor: Group(value.name, value.colour) for actor, value in chosen.items()}

    def page(self) -> Json:
        """Return nodes with places in [-1, 1] and edges [i, j, congruence, conflict], both without normalisation; the
        same actors' activity and edges per period, where there are several."""
        counts = self.affiliations.two_mode().most_active(NODE_LIMIT)
        places = layout(counts)
        groups, names = self.groups(), self._group_names()
        nodes = [
            {
                "name": visible(actor, NAME_LIMIT),
                "g": names.index(groups[actor].name) if actor in groups else -1,
                "n": int(activity),
                "x": places[i][0],
                "y": places[i][1],
            }
            for i, (actor, activity) in enumerate(zip(counts.actors, counts.activity, strict=True))
        ]
        return {"nodes": nodes, "edges": edges(counts), "periods": self._periods(counts.actors)}

    def _periods(self, actors: tuple[str, ...]) -> list[Json]:
        months = sorted(self._months)
        if not months:
            return []
        name = period_name((months[-1] - months[0]).days)
        sums: dict[str, Affiliations] = {}
        for month in months:
            total = sums.setdefault(name(month), Affiliations(self.settings.duplicates))
            total.counts.update(self._months[month].counts)
        parts = [(key, one.two_mode().among(actors)) for key, one in list(sums.items())[-PERIOD_LIMIT:]]
        found: list[Json] = [{"name": key, "n": part.activity.tolist(), "edges": edges(part)} for key, part in parts]
        return found if len(found) > 1 else []

    def _group_names(self) -> tuple[str, ...]:
        task = self.roles.task(self.roles.group)
        return task.names if task else ()


def period_name(days: int) -> Callable[[date], str]:
    """Return what names a month's period: the year over more than two years, the quarter over more than seven months,
    else the month."""
    if days > 730:
        return lambda month: f"{month:%Y}"
    if days > 215:
        return lambda month: f"{month:%Y} Q{(month.month + 2) // 3}"
    return lambda month: f"{month:%Y-%m}"


def edges(counts: TwoMode) -> list[list[int]]:
    """Return [i, j, congruence, conflict] for every pair i < j with either, in order of i and j."""
    pairs: dict[tuple[int, int], list[int]] = {}
    for place, relation in enumerate(("congruence", "conflict")):
        network = counts.one_mode("congruence" if relation == "congruence" else "conflict", normalise=False)
        for i, j, weight in cells(network.matrix):
            if i < j:
                pairs.setdefault((i, j), [0, 0])[place] = round(weight)
    return [[i, j, *weights] for (i, j), weights in sorted(pairs.items())]


def layout(counts: TwoMode) -> list[tuple[float, float]]:
    """Return a place in [-1, 1] per actor: those who agree near, those who conflict far (Kamada-Kawai on distances that
    fall with the normalised subtract weight), the longest stretch across, no two nodes on one spot."""
    size = len(counts.actors)
    if size < 2:
        return [(0.0, 0.0)] * size
    weights = counts.one_mode("subtract").matrix.toarray()
    distances = np.exp(-1.5 * weights / max(np.abs(weights).max(), 1e-9))
    graph = nx.complete_graph(size)
    apart = {i: {j: float(distances[i, j]) for j in range(size)} for i in range(size)}
    start = nx.circular_layout(graph)
    with threadpool_limits(1):  # forty nodes: threads would cost more than they give
        found = nx.kamada_kawai_layout(graph, dist=apart, pos=start)
    places = np.array([found[i] for i in range(size)])
    places = _fill(places @ np.linalg.svd(places - places.mean(axis=0))[2].T)
    for _ in range(200):
        places = _fill(places + _push(places, 1.1 / size**0.5))
    return [(round(float(x), 3), round(float(y), 3)) for x, y in places]


def _push(places: Places, least: float) -> Places:
    """Return the shift that moves every two nodes nearer than ``least`` apart by half of what they lack."""
    gap = places[:, None, :] - places[None, :, :]
    far = np.linalg.norm(gap, axis=2)
    np.fill_diagonal(far, np.inf)
    angle = np.arange(len(places)) * 2.4  # nodes on one spot part in different directions
    gap = np.where(far[..., None] < 1e-9, np.stack([np.cos(angle), np.sin(angle)], axis=1)[:, None, :], gap)
    lack = np.maximum(0, least - far) / np.maximum(far, 1e-9)
    lack = np.where(far < 1e-9, least, lack)
    shift: Places = 0.25 * (gap * lack[..., None]).sum(axis=1)
    return shift


def _fill(places: Places) -> Places:
    """Stretch to [-1, 1] along both axes."""
    low, high = places.min(axis=0), places.max(axis=0)
    filled: Places = 2 * (places - low) / np.maximum(high - low, 1e-9) - 1
    return filled


def page_networks(counts: dict[Actors, NetworkCounts]) -> Json:
    """Return the page's networks by kind of actor."""
    return {name: network.page() for name, network in counts.items()}
