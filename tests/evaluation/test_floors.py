"""The gate that keeps models from getting worse unseen."""

from pathlib import Path

import pytest

from stancewire.data.corpus import load_corpus
from stancewire.data.errors import ConfigError, DataError
from stancewire.models.evaluation.floors import Floors, Measured, broken, renewed
from stancewire.models.evaluation.quick import QUICK
from stancewire.models.settings import load_settings

FLIPS = frozenset({"names"})


def measured(stance: float = 0.6, names: float = 0.02, clear: float = 0.8, corpus: str = "c1") -> Measured:
    return Measured(
        config="quick",
        corpus=corpus,
        macro_f1={"stance": stance},
        behaviour={"names": names, "clear": clear},
        lower_is_better=FLIPS,
    )


FLOORS = Floors(config="quick", corpus="c1", macro_f1={"stance": 0.58}, behaviour={"names": 0.04, "clear": 0.78})


def test_what_holds_holds_and_every_broken_floor_is_named() -> None:
    assert broken(FLOORS, measured()) == []
    assert broken(FLOORS, measured(stance=0.58, names=0.04, clear=0.78)) == []
    lines = broken(FLOORS, measured(stance=0.57, names=0.05, clear=0.7))
    assert [line.split(":")[0] for line in lines] == ["stance", "behaviour 'names'", "behaviour 'clear'"]
    assert "under its floor of 0.580" in lines[0]
    assert "over its bound of 0.040" in lines[1]


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (measured(corpus="c2"), "measured on corpus c1"),
        (measured().model_copy(update={"config": "other"}), "other"),
        (measured().model_copy(update={"macro_f1": {}}), "no figure for stance"),
        (measured().model_copy(update={"behaviour": {}}), "no figure for names, clear"),
    ],
)
def test_what_cannot_be_compared_is_an_error_and_no_pass(found: Measured, message: str) -> None:
    with pytest.raises(DataError, match=message):
        broken(FLOORS, found)


def test_floors_rise_by_themselves_and_fall_only_on_request() -> None:
    risen = renewed(FLOORS, measured(stance=0.7, names=0.0, clear=0.9), allow_lower=False)
    assert risen.macro_f1 == {"stance": 0.68}
    assert risen.behaviour == {"names": 0.02, "clear": 0.88}
    # A little worse, but above the floor: the floor stays where it is.
    assert renewed(FLOORS, measured(stance=0.585), allow_lower=False).macro_f1 == {"stance": 0.58}
    with pytest.raises(ConfigError, match="--lower-floors"):
        renewed(FLOORS, measured(stance=0.5), allow_lower=False)
    assert renewed(FLOORS, measured(stance=0.5), allow_lower=True).macro_f1 == {"stance": 0.48}


def test_other_annotations_start_anew() -> None:
    assert renewed(FLOORS, measured(stance=0.3, corpus="c2"), allow_lower=False).macro_f1 == {"stance": 0.28}


def test_the_committed_floors_fit_the_committed_corpus_and_config() -> None:
    floors, corpus = Floors.load(), load_corpus()
    assert floors.corpus == corpus.digest
    assert floors.config == load_settings(QUICK).name
    assert set(floors.macro_f1) == set(corpus.codebook.task_names)


def test_floors_come_back_from_their_file_and_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    FLOORS.save(path)
    assert Floors.load(path) == FLOORS
    path.write_text('{"config": "quick"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="corpus"):
        Floors.load(path)
    with pytest.raises(ConfigError, match="--set-floors"):
        Floors.load(tmp_path / "none.json")
