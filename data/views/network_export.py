"""Discourse networks as files: GraphML, CSV matrices, and a statements file in the columns of DNA's event list."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import pandas as pd
from scipy.sparse import csr_array

from stancewire.data.review.spreadsheet import guard
from stancewire.data.views.network import OneMode, Statement, TwoMode

# XML 1.0 has no way to write these, so no GraphML reader accepts them.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

STATEMENT_COLUMNS = (
    "statement_id", "time", "document_id", "document_title", "document_source", "document_url",
    "person", "organization", "concept", "agreement", "start", "stop", "text",
)  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What a node is drawn as: the group's name and its colour (``#rrggbb``)."""

    name: str
    colour: str


def one_mode_graph(network: OneMode, counts: TwoMode, groups: Mapping[str, Group]) -> nx.Graph:
    """Return the one-mode network as a graph: nodes carry ``group``, ``colour`` and ``statements``, edges
    ``weight``."""
    graph = nx.Graph(relation=network.relation)
    for actor, activity in zip(counts.actors, counts.activity, strict=True):
        graph.add_node(xml_text(actor), **_node(actor, int(activity), groups))
    for i, j, weight in cells(network.matrix):
        if i < j:
            graph.add_edge(xml_text(network.actors[i]), xml_text(network.actors[j]), weight=weight)
    return graph


def two_mode_graph(counts: TwoMode, groups: Mapping[str, Group]) -> nx.Graph:
    """Return actors and concepts as a bipartite graph (node attribute ``bipartite``: 0 actor, 1 concept). An edge
    carries ``agree`` and ``disagree`` (statements), ``weight`` (their sum) and ``subtract`` (their difference)."""
    graph = nx.Graph(relation="affiliation")
    for actor, activity in zip(counts.actors, counts.activity, strict=True):
        graph.add_node(f"actor: {xml_text(actor)}", bipartite=0, **_node(actor, int(activity), groups))
    for concept in counts.concepts:
        graph.add_node(f"concept: {xml_text(concept)}", bipartite=1, label=xml_text(concept))
    for i, j, weight in cells(counts.affiliation("ignore")):
        agree, disagree = int(counts.agree[i, j]), int(counts.disagree[i, j])
        ends = f"actor: {xml_text(counts.actors[i])}", f"concept: {xml_text(counts.concepts[j])}"
        graph.add_edge(*ends, weight=weight, agree=agree, disagree=disagree, subtract=agree - disagree)
    return graph


def write_graphml(graph: nx.Graph, path: Path) -> None:
    """Write ``graph`` for visone, Gephi, igraph and networkx."""
    beside = path.with_name(path.name + ".part")
    nx.write_graphml(graph, beside, named_key_ids=True)
    beside.replace(path)


def write_matrix(matrix: csr_array, rows: tuple[str, ...], columns: tuple[str, ...], path: Path) -> None:
    """Write a labelled matrix as CSV: row names in the first column, column names in the first line."""
    beside = path.with_name(path.name + ".part")
    pd.DataFrame(
        matrix.toarray(), index=[guard(name) for name in rows], columns=[guard(name) for name in columns]
    ).to_csv(beside, encoding="utf-8")
    beside.replace(path)


class StatementsFile:
    """Writes statements one by one in the columns of DNA's event list (one line a statement; ``agreement`` 1 or 0;
    ``time`` an ISO day; ``start`` and ``stop`` in code points), so that pandas, R and DNA's tools read them; a text
    that a spreadsheet would run as a formula has an apostrophe before it (``stancewire.data.review.spreadsheet``).
    Use as a context manager."""

    def __init__(self, path: Path, group_names: tuple[str, ...] | None, group_position: int | None) -> None:
        self._path = path
        self._groups = group_names
        self._position = group_position
        self._beside = path.with_name(path.name + ".part")
        self._stream = self._beside.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream)
        self._writer.writerow(STATEMENT_COLUMNS)
        self.count = 0

    def __enter__(self) -> "StatementsFile":
        return self

    def __exit__(self, failed: type[BaseException] | None, *rest: object) -> None:
        self._stream.close()
        if failed is None:
            self._beside.replace(self._path)
        else:
            self._beside.unlink(missing_ok=True)

    def write(self, item: Statement) -> None:
        """Append one statement."""
        self.count += 1
        article, row = item.article, item.row
        group = row.values[self._position] if self._position is not None else None
        self._writer.writerow([
            self.count, article.published.isoformat() if article.published else "",
            guard(article.id), guard(article.title), guard(article.source), guard(article.url), guard(row.speaker),
            self._groups[group] if self._groups and group is not None else "",
            guard(item.concept), int(item.agreement), row.start, row.end, guard(row.text),
        ])  # fmt: skip


def xml_text(text: str) -> str:
    """Return ``text`` with each character that XML cannot carry replaced by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def cells(matrix: csr_array) -> Iterator[tuple[int, int, float]]:
    """Yield (row, column, weight) of the stored cells, by row and column."""
    table = matrix.tocoo()
    found = zip(table.coords[0].tolist(), table.coords[1].tolist(), table.data.tolist(), strict=True)
    yield from sorted(found)


def _node(actor: str, activity: int, groups: Mapping[str, Group]) -> dict[str, str | int]:
    group = groups.get(actor)
    shown = {"group": group.name, "colour": group.colour} if group else {}
    return {"label": xml_text(actor), "statements": activity, **shown}
