"""The discourse network as the page and the picture show it: the most active actors, both relations, fixed places."""

from collections import Counter

import networkx as nx

from stancewire.data.views.inputs import ArticleRows
from stancewire.data.views.network import Actors, Affiliations, NetworkSettings, TwoMode, statements
from stancewire.data.views.network_export import Group, cells
from stancewire.data.views.payload import NAME_LIMIT, Json
from stancewire.data.views.roles import Roles
from stancewire.data.views.safety import visible

NODE_LIMIT = 40
LAYOUT_SEED = 7


class NetworkCounts:
    """Counts one network's statements, and which group each actor mostly speaks for."""

    def __init__(self, roles: Roles, settings: NetworkSettings) -> None:
        self.roles = roles
        self.settings = settings
        self.affiliations = Affiliations(settings.duplicates)
        self._groups: dict[str, Counter[int]] = {}

    def add(self, article: ArticleRows) -> None:
        """Count the statements of one article."""
        found = list(statements(article, self.roles.codebook, self.settings))
        self.affiliations.add(found)
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
        """Return nodes with places in [-1, 1] and edges [i, j, congruence, conflict], both without normalisation."""
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
        return {"nodes": nodes, "edges": edges(counts)}

    def _group_names(self) -> tuple[str, ...]:
        task = self.roles.task(self.roles.group)
        return task.names if task else ()


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
    """Return a place per actor: agreeing actors near each other (spring layout on normalised congruence, seeded)."""
    network = counts.one_mode("congruence")
    graph = nx.Graph()
    graph.add_nodes_from(range(len(counts.actors)))
    graph.add_weighted_edges_from((i, j, weight) for i, j, weight in cells(network.matrix) if i < j)
    spread = 2.2 / max(1, len(counts.actors)) ** 0.5
    places = nx.spring_layout(graph, seed=LAYOUT_SEED, k=spread, iterations=200, method="force")
    return [(round(float(places[i][0]), 4), round(float(places[i][1]), 4)) for i in range(len(counts.actors))]


def page_networks(counts: dict[Actors, NetworkCounts]) -> Json:
    """Return the page's networks by kind of actor."""
    return {name: network.page() for name, network in counts.items()}
