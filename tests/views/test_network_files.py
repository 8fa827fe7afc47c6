"""Network files are what other tools read back."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from PIL import Image

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.views.network import NetworkSettings
from stancewire.data.views.network_files import write_networks

Make = Callable[..., dict[str, object]]


def test_gold_networks_read_back(gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path) -> None:
    summary = write_networks(gold, tmp_path, codebook, NetworkSettings())
    matrix = pd.read_csv(tmp_path / "congruence.csv", index_col=0)
    graph = nx.read_graphml(tmp_path / "congruence.graphml")
    assert len(matrix) == summary.actors == graph.number_of_nodes() > 50
    assert (matrix.to_numpy() == matrix.to_numpy().T).all()
    assert list(matrix.index) == list(matrix.columns)
    edges = {(a, b): weight for a, b, weight in graph.edges.data("weight")}
    assert (matrix.to_numpy() > 0).sum() == 2 * len(edges)
    for (a, b), weight in list(edges.items())[:50]:
        assert matrix.loc[a, b] == pytest.approx(weight)
    putin = graph.nodes["Vladimir Putin"]
    assert (putin["group"], putin["colour"]) == ("russia", codebook.task("speaker_group").value("russia").colour)
    subtract = pd.read_csv(tmp_path / "subtract.csv", index_col=0)
    conflict = pd.read_csv(tmp_path / "conflict.csv", index_col=0)
    assert (subtract - (matrix - conflict)).abs().to_numpy().max() < 1e-9


def test_statements_and_two_mode_tell_the_same(
    gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path
) -> None:
    summary = write_networks(gold, tmp_path, codebook, NetworkSettings(duplicates="include"))
    frame = pd.read_csv(tmp_path / "statements.csv")
    assert len(frame) == summary.statements
    assert set(frame["agreement"]) == {0, 1}
    table = pd.crosstab(frame["person"], frame["concept"])
    matrix = pd.read_csv(tmp_path / "two-mode.csv", index_col=0)
    assert (table.sort_index() == matrix.sort_index()).all(axis=None)
    graph = nx.read_graphml(tmp_path / "two-mode.graphml")
    assert nx.is_bipartite(graph)
    edge = graph.edges["actor: Vladimir Putin", "concept: " + frame[frame.person == "Vladimir Putin"].concept.iloc[0]]
    assert edge["weight"] == edge["agree"] + edge["disagree"]
    first = next(r for r in gold if r["text"] == frame["text"].iloc[0])
    assert (first["start"], first["end"], first["published"]) == tuple(frame[["start", "stop", "time"]].iloc[0])


def test_pictures_show_the_actors(gold: list[dict[str, object]], codebook: Codebook, tmp_path: Path) -> None:
    write_networks(gold, tmp_path, codebook, NetworkSettings(actors="group"))
    svg = ET.parse(tmp_path / "network.svg").getroot()
    assert "united_states" in "".join(svg.itertext())
    with Image.open(tmp_path / "network.png") as picture:
        assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 100
    before = (tmp_path / "network.svg").read_bytes()
    write_networks(gold, tmp_path, codebook, NetworkSettings(actors="group"))
    assert (tmp_path / "network.svg").read_bytes() == before, "the same records give the same picture"


def test_names_no_xml_can_hold_and_mathtext_do_no_harm(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    names = ["Nul\x00 & <b>\x1b", "$\\frac{x$", '"Quote", Inc.', "=1+1", "\ud800 lone"]
    records = [make_record("a", i, speaker=n, stance="support", speaker_group="other") for i, n in enumerate(names)]
    write_networks(records, tmp_path, codebook, NetworkSettings())
    graph = nx.read_graphml(tmp_path / "congruence.graphml")
    assert graph.number_of_nodes() == len(names)
    assert "Nul\ufffd & <b>\ufffd" in graph
    frame = pd.read_csv(tmp_path / "statements.csv")
    assert frame["person"].tolist()[1:4] == [*names[1:3], "'=1+1"], "a spreadsheet must not run a name"


def test_repeated_articles_and_empty_records(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    said = {"speaker": "Ann", "stance": "support", "speaker_group": "russia"}
    records = [make_record("a", **said), make_record("b", duplicate_of="a", **said)]
    assert write_networks(records, tmp_path / "one", codebook, NetworkSettings()).statements == 1
    empty = write_networks([], tmp_path / "none", codebook, NetworkSettings())
    assert (empty.statements, empty.actors) == (0, 0)
    assert nx.read_graphml(tmp_path / "none" / "conflict.graphml").number_of_nodes() == 0


def test_a_failure_leaves_no_half_file(make_record: Make, codebook: Codebook, tmp_path: Path) -> None:
    said = {"speaker": "Ann", "stance": "support", "speaker_group": "russia"}
    records = [make_record("a", **said), make_record("b", **(said | {"stance": "maybe"}))]
    with pytest.raises(DataError, match=r"record 2.*'maybe'.*expected one of"):
        write_networks(records, tmp_path, codebook, NetworkSettings())
    assert list(tmp_path.iterdir()) == []
