"""How well attribution finds speakers: the figures of ``evaluate.py --task speaker``."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.errors import DataError

SUPPORT_FLOOR = 10
"""Groups with fewer gold sentences are not averaged: one sentence would move them by a tenth."""

Row = Mapping[str, object]

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_RANKS = re.compile(
    r"^(?:(?:president|prime minister|foreign minister|defen[cs]e minister|minister|secretary|senator|"
    r"sen\.?|representative|rep\.?|general|gen\.?|colonel|"
    r"col\.?|lieutenant|lt\.?|major|maj\.?|captain|capt\.?|admiral|adm\.?|brigadier|sergeant|sgt\.?|"
    r"mr\.?|mrs\.?|ms\.?|dr\.?|sir|lord|sheikh|ayatollah|king|"
    r"prince|professor|prof\.?|ambassador|deputy|spokesman|spokeswoman)[ -])+(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure between 0 and 1, and the number of gold sentences it stands on."""

    name: str
    value: float
    support: int


@dataclass(frozen=True, slots=True)
class SpeakerScores:
    """All measures of attribution. ``per_value`` maps task name to value to its F1 and support."""

    measures: tuple[Measure, ...]
    per_value: Mapping[str, Mapping[str, Measure]]

    def value(self, name: str) -> float:
        """Return the measure called ``name``; DataError if there is none."""
        for measure in self.measures:
            if measure.name == name:
                return measure.value
        raise DataError(
            f"unknown measure {name!r}, expected one of {', '.join(measure.name for measure in self.measures)}"
        )


def score_speaker(
    gold_rows: Sequence[Row], predicted_rows: Sequence[Row], codebook: Codebook | None = None
) -> SpeakerScores:
    """Compare attribution with annotation, sentence by sentence.

    Rows carry ``speaker``, ``speaker_mention`` and the columns of the codebook's group and quotation tasks; both
    sequences are of the
    same sentences in the same order. ``right_speaker`` and ``mention_exact`` are shares of the attributed gold
    sentences (a missed one
    is wrong); speakers are equal once case, accents, article and rank are folded. Macro-F1 of groups averages those with
    ``SUPPORT_FLOOR`` gold sentences or more, the narrator among them. DataError where the lengths differ.
    """
    if len(gold_rows) != len(predicted_rows):
        raise DataError(f"expected one prediction for each of {len(gold_rows)} sentences, found {len(predicted_rows)}")
    codebook = codebook or load_codebook()
    pairs = list(zip(gold_rows, predicted_rows, strict=True))
    attributed = [(gold, found) for gold, found in pairs if gold["speaker"] is not None]
    measures = [
        Measure("attributed_f1", _attributed_f1(pairs), len(attributed)),
        Measure(
            "right_speaker",
            _share(folded(gold["speaker"]) == folded(found["speaker"]) for gold, found in attributed),
            len(attributed),
        ),
        Measure("mention_exact", _share(_same_mention(gold, found) for gold, found in attributed), len(attributed)),
    ]
    per_value: dict[str, Mapping[str, Measure]] = {}
    for role, floor in (("quotation", 1), ("group", SUPPORT_FLOOR)):
        task = codebook.by_role(role)  # type: ignore[arg-type]
        if task is None:
            continue
        per_value[task.name] = _per_value(
            task.names, [(str(gold[task.name]), str(found[task.name])) for gold, found in pairs]
        )
        kept = [measure for measure in per_value[task.name].values() if measure.support >= floor]
        measures.append(
            Measure(
                f"{role}_macro_f1", _mean([measure.value for measure in kept]), sum(measure.support for measure in kept)
            )
        )
    return SpeakerScores(tuple(measures), per_value)


def folded(name: object) -> str | None:
    """Return a speaker's name without case, accents, leading article and rank; None stays None."""
    if name is None:
        return None
    text = unicodedata.normalize("NFKD", str(name).replace("’", "'").replace("\u00a0", " "))
    plain = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _RANKS.sub("", _ARTICLE.sub("", " ".join(plain.split()))).casefold()


def _same_mention(gold: Row, found: Row) -> bool:
    return found["speaker"] is not None and gold["speaker_mention"] == found["speaker_mention"]


def _attributed_f1(pairs: Sequence[tuple[Row, Row]]) -> float:
    both = sum(gold["speaker"] is not None and found["speaker"] is not None for gold, found in pairs)
    total = sum((gold["speaker"] is not None) + (found["speaker"] is not None) for gold, found in pairs)
    return 2 * both / total if total else 1.0


def _per_value(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, Measure]:
    gold, found, right = (
        Counter(a for a, _ in pairs),
        Counter(b for _, b in pairs),
        Counter(a for a, b in pairs if a == b),
    )
    return {
        name: Measure(
            name, 2 * right[name] / (gold[name] + found[name]) if gold[name] + found[name] else 0.0, gold[name]
        )
        for name in names
    }


def _share(outcomes: object) -> float:
    values = [bool(outcome) for outcome in outcomes]  # type: ignore[attr-defined]
    return sum(values) / len(values) if values else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
