"""Runs behaviour tests on a model and counts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stancewire.data.article import Article
from stancewire.data.corpus import Corpus
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.behaviour.cases import Constancy, Direction, Invariance, Minimum, Suite, Test
from stancewire.models.evaluation.behaviour.variants import changed_records
from stancewire.models.predictor import Predictor

Record = Mapping[str, Any]
MEANINGS = {
    "invariance": "labels that flip",
    "direction": "turns that are followed",
    "minimum": "clear cases that are right",
    "constancy": "labels that flip with the speaker",
}
LOWER_IS_BETTER = frozenset({"invariance", "constancy"})
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """Count of one test: ``hits`` of ``n`` (flips where lower is better), by task or value, and the first failures."""

    name: str
    kind: str
    hits: int
    n: int
    parts: Mapping[str, tuple[int, int]]
    failures: tuple[str, ...]

    @property
    def rate(self) -> float:
        """Share of hits, 0 for a test without cases."""
        return self.hits / self.n if self.n else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        parts = {name: {"hits": hits, "n": n, "rate": hits / n} for name, (hits, n) in self.parts.items() if n}
        return {
            "kind": self.kind,
            "meaning": MEANINGS[self.kind],
            "lower_is_better": self.kind in LOWER_IS_BETTER,
            "rate": self.rate,
            "hits": self.hits,
            "n": self.n,
            "parts": parts,
            "failures": list(self.failures),
        }


class _Count:
    """Collects one test's trials."""

    def __init__(self, test: Test) -> None:
        self.test = test
        self.hits: Counter[str] = Counter()
        self.trials: Counter[str] = Counter()
        self.failures: list[str] = []

    def add(self, part: str, hit: bool, failure: str) -> None:
        self.trials[part] += 1
        self.hits[part] += hit
        if hit == (self.test.kind in LOWER_IS_BETTER) and len(self.failures) < SHOWN:
            self.failures.append(failure)

    def outcome(self) -> Outcome:
        parts = {part: (self.hits[part], n) for part, n in self.trials.items()}
        total = sum(self.hits.values()), sum(self.trials.values())
        return Outcome(self.test.name, self.test.kind, *total, parts, tuple(self.failures))


def run_behaviour(bundle: Bundle, suite: Suite, corpus: Corpus | None = None) -> dict[str, Any]:
    """Run every test; ``corpus`` gives the annotated articles for tests that change real news (none: they do without).

    Returns ``tests`` (name → kind, rate, n, parts, failures) and ``invariance`` (flips over all such tests together).
    """
    answers = _answers(bundle, suite)
    before = changed_records(bundle, corpus, _unchanged) if corpus else []
    outcomes = []
    for test in suite.tests:
        count = _Count(test)
        _TRIALS[test.kind](test, answers, count)
        if corpus and isinstance(test, Invariance) and test.corpus:
            after = changed_records(bundle, corpus, test.change)
            _compare(test, [(one, other) for one, other in zip(before, after, strict=True) if one != other], count)
        outcomes.append(count.outcome())
    flips = [one for one in outcomes if one.kind == "invariance"]
    hits, n = sum(one.hits for one in flips), sum(one.n for one in flips)
    return {
        "tests": {one.name: one.to_dict() for one in outcomes},
        "invariance": {"rate": hits / n if n else 0.0, "n": n},
    }


def _unchanged(text: str) -> str:
    return text


def _answers(bundle: Bundle, suite: Suite) -> dict[str, Record]:
    """Annotate every sentence of the suite, each as an article of its own; sentence → record."""
    texts = list(dict.fromkeys(text for test in suite.tests for text in _sentences(test)))
    articles = [Article(id=f"case-{number}", text=text) for number, text in enumerate(texts)]
    answered = Predictor(bundle, bundle.name, unit="row").records(articles)
    return {text: records[0] for text, records in zip(texts, answered, strict=True)}


def _sentences(test: Test) -> list[str]:
    if isinstance(test, Minimum):
        return [text for texts in test.cases.values() for text in texts]
    if isinstance(test, Constancy):
        return [text for family in test.families() for text in family]
    return [text for pair in test.pairs() for text in pair]


def _invariance(test: Invariance, answers: Mapping[str, Record], count: _Count) -> None:
    _compare(test, [(answers[before], answers[after]) for before, after in test.pairs()], count)


def _compare(test: Invariance, pairs: Sequence[tuple[Record, Record]], count: _Count) -> None:
    """Count flips over pairs whose text changed."""
    for before, after in pairs:
        if before["text"] == after["text"]:
            continue
        for task in (task for task in test.tasks if task in before):
            turned = f"{before['text']} → {after['text']}: {task} {before[task]} → {after[task]}"
            count.add(task, before[task] != after[task], turned)


def _direction(test: Direction, answers: Mapping[str, Record], count: _Count) -> None:
    """A turn is followed if the model gave the old value before it, and after it the new (else: any other) one."""
    for before, after in ((answers[one], answers[other]) for one, other in test.pairs()):
        if test.task not in after:
            continue
        arrived = after[test.task] == test.to if test.to else after[test.task] != test.origin
        said = f"{before['text']} ({before[test.task]}) → {after['text']} ({after[test.task]})"
        count.add(test.to or f"not {test.origin}", before[test.task] == test.origin and arrived, said)


def _minimum(test: Minimum, answers: Mapping[str, Record], count: _Count) -> None:
    for value, texts in test.cases.items():
        for text in (text for text in texts if test.task in answers[text]):
            found = answers[text][test.task]
            count.add(value, found == value, f"{text}: {found}, expected {value}")


def _constancy(test: Constancy, answers: Mapping[str, Record], count: _Count) -> None:
    """A flip is a version whose value is not the commonest of its family."""
    for family in test.families():
        values = [answers[text].get(test.task) for text in family]
        usual = Counter(values).most_common(1)[0][0]
        for text, value in zip(family, values, strict=True):
            if usual is not None:
                count.add(str(usual), value != usual, f"{text}: {value}, other speakers {usual}")


_TRIALS: dict[str, Callable[[Any, Mapping[str, Record], _Count], None]] = {
    "invariance": _invariance,
    "direction": _direction,
    "minimum": _minimum,
    "constancy": _constancy,
}
