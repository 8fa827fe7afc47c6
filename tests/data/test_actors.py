"""The list of actors: what ships, what a user adds, and what a mistake in it says."""

from pathlib import Path

import pytest

from stancewire.data.actors import Actors, load_actors
from stancewire.data.article import Article
from stancewire.data.codebook import load_codebook
from stancewire.data.errors import ConfigError
from stancewire.features.attribution import attribute


@pytest.fixture(scope="module")
def shipped() -> Actors:
    return load_actors()


def test_every_group_that_ships_is_a_value_of_the_codebook(shipped: Actors) -> None:
    codebook = load_codebook()
    task = codebook.by_role("group")
    assert task is not None
    groups = {one.group for one in (*shipped.states.values(), *shipped.actors.values())}
    assert groups <= set(task.names), sorted(groups - set(task.names))
    assert len(groups) > len(task.names) / 2
    shipped.check(codebook)


def test_a_group_that_the_codebook_lacks_is_named(shipped: Actors) -> None:
    wrong = shipped.merged(Actors.model_validate({"states": {"Ruritania": {"group": "ruritania"}}}))
    with pytest.raises(
        ConfigError, match=r"states: Ruritania: unknown group 'ruritania', expected one of narrator, russia"
    ):
        wrong.check(load_codebook())


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("Sergei Lavrov", "Sergey Lavrov"),
        ("FRANCOIS HOLLANDE", "François Hollande"),
        ("Bashar Assad", "Bashar al-Assad"),
    ],
)
def test_spellings_accents_and_case_find_one_actor(shipped: Actors, spelling: str, name: str) -> None:
    found = shipped.find(spelling)
    assert found is not None
    assert found[0] == name


def test_a_last_name_finds_an_actor_only_where_one_bears_it() -> None:
    two = Actors.model_validate(
        {"actors": {"Anna Berg": {"group": "a"}, "Karl Berg": {"group": "b"}, "Jo Lund": {"group": "a"}}}
    )
    assert two.find_last("Berg") is None
    found = two.find_last("Lund")
    assert found is not None and found[0] == "Jo Lund"


def test_capitals_stand_for_their_states(shipped: Actors) -> None:
    assert [shipped.state_of(word) for word in ("Moscow", "Ankara", "Turkish", "Graz")] == [
        "Russia",
        "Turkey",
        "Turkey",
        None,
    ]
    assert shipped.nation_of("Moscow") is None


def test_short_capitals_are_no_common_words(shipped: Actors) -> None:
    assert [clue.words for clue in shipped.clues("the WHO warned")] == [("who",)]
    assert shipped.clues("a man who warned us") == []


def test_a_users_own_file_adds_and_wins(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "states:\n  Ruritania: {group: regional_states, demonyms: [Ruritanian], seats: [Strelsau]}\n"
        "actors:\n  Rudolf Rassendyll: {group: europe_nato}\n  Vladimir Putin: {group: other}\n",
        encoding="utf-8",
    )
    actors = load_actors(own)
    assert actors.state_of("Strelsau") == "Ruritania"
    assert actors.state_of("Ankara") == "Turkey"
    known = actors.find("Vladimir Putin")
    assert known is not None and known[1].group == "other"
    (found,) = attribute(Article("own", "Rudolf Rassendyll said the castle was open.", title="Castle"), actors=actors)
    assert found.group == "europe_nato"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("actors: [", "not YAML"),
        ("actors:\n  Anna Berg: {side: a}\n", r"actors\.Anna Berg\.group: Field required"),
        ("people:\n  Anna Berg: {group: a}\n", r"people: Extra inputs are not permitted"),
        ("actors:\n  Anna Berg: {group: a, wikidata: 7747}\n", r"actors\.Anna Berg\.wikidata"),
    ],
)
def test_a_mistake_in_a_users_file_names_file_and_key(tmp_path: Path, content: str, message: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=message) as raised:
        load_actors(own)
    assert str(own) in str(raised.value)


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="actors not found"):
        load_actors(tmp_path / "nowhere.yaml")


def test_an_intervener_that_is_no_state_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("intervener: Ruritania\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="intervener: 'Ruritania' does not stand under states; add it there"):
        load_actors(own).check(load_codebook())
