"""The side of a source that no rule can tell: a linear model over its name, its description and its surroundings.

Multinomial logistic regression, fitted by ``fit_guess.py`` on synthetic articles and stored as plain JSON. Name
endings, offices and the
states that the sentence, the title and the source before name are its features; a weight is in natural-log odds.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

from stancewire.data.actors import Actors, fold
from stancewire.data.errors import ArtefactError
from stancewire.features.attribution.groups import plain

MODEL_PATH = Path(__file__).parent / "guess.json"
_WORD = re.compile(r"[\w']+")
_QUOTED = re.compile(r'["“„«][^"“”„«»]*(?:["”»]|$)')
_ENDINGS = (2, 3, 4)
_BEGINNINGS = (2, 3)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a source stands when it first speaks: its sentence, the article's title, the group of the source before it;
    the groups of the states that the article names most (``common``) and named last before the sentence (``near``); that of the
    state it is mostly about, the intervening one aside (``host``), and of its dateline (``place``)."""

    sentence: str
    title: str
    before: str | None
    common: tuple[str, ...] = ()
    near: str | None = None
    host: str | None = None
    place: str | None = None


class Guesser:
    """Weights by feature. ``groups`` gives the order of every weight list and of ``bias``."""

    def __init__(self, groups: Sequence[str], bias: Sequence[float], weights: dict[str, list[float]]) -> None:
        self.groups = tuple(groups)
        self.bias = tuple(bias)
        self.weights = weights

    def guess(self, features: set[str], barred: str | None = None) -> tuple[str, float]:
        """Return the likeliest group, ``barred`` aside, and its probability."""
        scores = list(self.bias)
        for feature in sorted(features):
            for index, weight in enumerate(self.weights.get(feature, ())):
                scores[index] += weight
        top = max((at for at, group in enumerate(self.groups) if group != barred), key=scores.__getitem__)
        return self.groups[top], 1.0 / sum(exp(score - scores[top]) for score in scores)


def features_of(actors: Actors, name: str, kind: str, descriptions: Sequence[str], around: Surroundings) -> set[str]:
    """Return the features of a source: strings of a kind letter, a colon and a value."""
    found = {f"k:{kind}"}
    if kind in ("person", "name"):
        for word in fold(name).replace("-", " ").split():
            found.update(f"e:{word[-size:]}" for size in _ENDINGS)
            found.update(f"b:{word[:size]}" for size in _BEGINNINGS)
    else:
        found.update(f"d:{word}" for word in _WORD.findall(fold(name)))
    for description in descriptions:
        found.update(f"d:{word}" for word in _WORD.findall(fold(description)))
    told = plain(around.sentence)
    sides = [clue.group for clue in actors.clues(_QUOTED.sub(" ", told))]
    found.update(f"s:{side}" for side in sides)
    found.update(f"q:{clue.group}" for part in _QUOTED.findall(told) for clue in actors.clues(part))
    if sides:
        found.add(f"f:{sides[0]}")
    found.update(f"t:{clue.group}" for clue in actors.clues(plain(around.title)))
    if around.before is not None:
        found.add(f"p:{around.before}")
    found.update(f"a{place}:{group}" for place, group in enumerate(around.common))
    for letter, group in (("n", around.near), ("h", around.host), ("l", around.place)):
        if group is not None:
            found.add(f"{letter}:{group}")
    return found


@cache
def load_guesser(path: Path = MODEL_PATH) -> Guesser:
    """Read the stored model; ArtefactError where it is missing or damaged."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return Guesser(raw["groups"], raw["bias"], raw["weights"])
    except (OSError, ValueError, KeyError) as error:
        raise ArtefactError(
            f"{path}: expected the group model that fit_guess.py writes, found {type(error).__name__}: {error}"
        ) from error
