"""All network files of one set of records: what network and statistics tools read, and the picture."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError
from stancewire.data.views.inputs import Reading, Records, iter_articles
from stancewire.data.views.names import name_joiner
from stancewire.data.views.network import NetworkSettings, Relation, TwoMode, statements
from stancewire.data.views.network_export import (
    Group,
    StatementsFile,
    one_mode_graph,
    two_mode_graph,
    write_graphml,
    write_matrix,
)
from stancewire.data.views.network_page import NetworkCounts
from stancewire.data.views.network_picture import draw_network
from stancewire.data.views.roles import Roles


@dataclass(frozen=True)
class NetworkSummary:
    """What was found and written."""

    statements: int
    actors: int
    concepts: int
    files: tuple[Path, ...]


def write_networks(
    records: Records, folder: Path, codebook: Codebook, settings: NetworkSettings, normalise: bool = True
) -> NetworkSummary:
    """Write ``statements.csv``, and ``two-mode``, ``congruence``, ``conflict`` and ``subtract`` as GraphML and CSV
    matrix (two-mode: statements per actor and concept, and ``two-mode-subtract.csv``, agreements minus
    disagreements), and ``network.svg`` and ``network.png``, into ``folder``.

    Articles that repeat one seen before are left out, as in the report. ConfigError where the codebook cannot give
    actors or concepts; DataError as in ``iter_articles``.
    """
    roles = Roles(codebook)
    _check(roles, settings)
    folder.mkdir(parents=True, exist_ok=True)
    reading = Reading(name_joiner(codebook, settings.join_names), settings.concept)
    counts = NetworkCounts(roles, settings)
    seen: set[str] = set()
    path = folder / "statements.csv"
    task = roles.task(roles.group)
    with StatementsFile(path, task.names if task else None, roles.group) as file:
        for article in iter_articles(records, codebook, reading):
            if article.duplicate_of not in seen:
                counts.add(article)
                for item in statements(article, codebook, settings):
                    file.write(item)
            seen.add(article.id)
        written = file.count
    table = counts.affiliations.two_mode()
    files = _write(table, counts.groups(), folder, normalise)
    return NetworkSummary(written, len(table.actors), len(table.concepts), (path, *files))


def _write(table: TwoMode, groups: Mapping[str, Group], folder: Path, normalise: bool) -> tuple[Path, ...]:
    files = [folder / name for name in ("two-mode.graphml", "two-mode.csv", "two-mode-subtract.csv")]
    write_graphml(two_mode_graph(table, groups), files[0])
    write_matrix(table.affiliation("ignore"), table.actors, table.concepts, files[1])
    write_matrix(table.affiliation("subtract"), table.actors, table.concepts, files[2])
    for relation in get_args(Relation):
        network = table.one_mode(relation, normalise)
        files += [folder / f"{relation}.graphml", folder / f"{relation}.csv"]
        write_graphml(one_mode_graph(network, table, groups), files[-2])
        write_matrix(network.matrix, network.actors, network.actors, files[-1])
    if len(table.actors) > 1:
        files += [folder / "network.svg", folder / "network.png"]
        draw_network(table, groups, (files[-2], files[-1]))
    return tuple(files)


def _check(roles: Roles, settings: NetworkSettings) -> None:
    if settings.actors == "group" and roles.group is None:
        raise ConfigError("actors: group needs a codebook with a task of role group; use actors: speaker")
    if settings.concept is None and roles.claim is None and roles.side is None:
        raise ConfigError(
            "concept: the codebook has no task of role claim or side; name a concept column of the records"
        )
