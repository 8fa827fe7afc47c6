"""The gate: whether a challenger is better than the champion, on articles that neither has seen.

Both models annotate the same articles; per task the difference in macro-F1 gets an interval by paired bootstrap over
articles. Tasks without a probability of their own in the record, which attribution decides, do not count. The
challenger passes if no task is worse by more than ``worse_margin``, and at least one is better: by ``better_margin`` or
more, with an interval that lies above 0. The first rule looks at the difference itself, not at its interval: on a few
dozen articles an interval that excludes every loss would refuse nearly every real gain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from stancewire.data.codebook import first_problem
from stancewire.data.corpus import Corpus
from stancewire.data.errors import ArtefactError, DataError
from stancewire.data.splits import article_groups
from stancewire.models.bundle import Bundle
from stancewire.models.evaluation.bootstrap import Resampling
from stancewire.models.evaluation.comparison import Comparison, compare
from stancewire.models.evaluation.sources import score_bundle
from stancewire.models.settings import GateSettings

RESAMPLES = 2000
SEEN = ("train", "validation")


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate found. ``reasons`` say why, one line each; ``digest`` names the corpus, ``articles`` and ``sentences`` count
    what was compared on."""

    passed: bool
    reasons: tuple[str, ...]
    challenger: str
    champion: str
    comparisons: tuple[Comparison, ...]
    digest: str
    articles: int
    sentences: int

    def figures(self) -> dict[str, dict[str, float]]:
        """Return per task the difference (challenger minus champion, macro-F1), its interval and p."""
        return {
            one.task: {
                "difference": round(one.difference.value, 4),
                "low": round(one.difference.low, 4),
                "high": round(one.difference.high, 4),
                "p": round(one.p, 4),
            }
            for one in self.comparisons
        }

    def in_words(self) -> str:
        """Return the decision in a few lines."""
        if not self.articles:
            return f"{self.challenger} is champion: {'; '.join(self.reasons)}"
        verdict = "passes" if self.passed else "does not pass"
        head = (
            f"{self.challenger} {verdict} the gate against {self.champion} "
            f"({self.sentences} sentences of {self.articles} articles that neither saw in training)"
        )
        return "\n".join([head, *(f"  {reason}" for reason in self.reasons)])


def decide(challenger: tuple[str, Bundle], champion: tuple[str, Bundle], corpus: Corpus, seed: int) -> Decision:
    """Compare two models, each given with its URI; margins are those of the challenger's config.

    ``corpus`` is everything annotated that may judge; what either model saw is left out. Raises DataError where nothing
    is left, ArtefactError where a model does not say what it saw or knows other labels.
    """
    settings = gate_settings(challenger)
    articles = unseen(corpus, (challenger, champion))
    judged = corpus.select(articles)
    first = score_bundle(champion[1], champion[0], judged, "gate")
    second = score_bundle(challenger[1], challenger[0], judged, "gate")
    chance = Resampling(seed, RESAMPLES, settings.level / 100)
    shared = [task for task in first.tasks if task in second.tasks and task.probability]
    comparisons = tuple(compare(first, second, task, chance) for task in shared)
    passed, reasons = verdict(comparisons, settings)
    return Decision(
        passed=passed,
        reasons=reasons,
        challenger=challenger[0],
        champion=champion[0],
        comparisons=comparisons,
        digest=corpus.digest,
        articles=len(articles),
        sentences=len(judged.sentences),
    )


def verdict(comparisons: Sequence[Comparison], settings: GateSettings) -> tuple[bool, tuple[str, ...]]:
    """Apply the margins; returns whether the challenger passes and a line for every task."""
    worse = better = 0
    reasons = []
    for one in comparisons:
        size, low, high = one.difference.value, one.difference.low, one.difference.high
        if size < -settings.worse_margin:
            worse += 1
            said = f"worse beyond the margin of {settings.worse_margin:g}"
        elif size >= settings.better_margin and low > 0:
            better += 1
            said = "better"
        else:
            said = "no worse" if size >= 0 else f"worse within the margin of {settings.worse_margin:g}"
        reasons.append(
            f"{one.task}: {said}: {size:+.3f} macro-F1, {settings.level:g} % interval {low:+.3f} to {high:+.3f}"
        )
    if not better:
        reasons.append(
            f"no task is better: expected one at least {settings.better_margin:g} up with its interval above 0"
        )
    return bool(better) and not worse, tuple(reasons)


def unseen(corpus: Corpus, models: Sequence[tuple[str, Bundle]]) -> list[str]:
    """Return the articles of ``corpus`` that no model learned from or was calibrated on, nor near-duplicates of those."""
    seen = {article for model in models for article in seen_articles(model)}
    groups = dict(zip(corpus.by_article, article_groups(corpus), strict=True))
    touched = {groups[article] for article in seen if article in groups}
    left = [article for article, group in groups.items() if group not in touched]
    if not left:
        raise DataError(
            f"gate: each of the {len(groups)} annotated articles was seen by one of the models; "
            "annotate articles that neither was trained on"
        )
    return left


def seen_articles(model: tuple[str, Bundle]) -> set[str]:
    """Return the articles that a model was fitted or calibrated on; ArtefactError where its papers do not say."""
    uri, bundle = model
    parts: Mapping[str, Any] = bundle.data.get("articles") or {}
    missing = [name for name in SEEN if name not in parts]
    if missing:
        raise ArtefactError(
            f"{uri}: the model does not say which articles it saw ({', '.join(missing)}); train it again"
        )
    return {str(article) for name in SEEN for article in parts[name]}


def gate_settings(model: tuple[str, Bundle]) -> GateSettings:
    """Return the margins of a model's config; ArtefactError where they are damaged."""
    uri, bundle = model
    try:
        return GateSettings.model_validate(bundle.settings.get("gate") or {})
    except ValidationError as error:
        raise ArtefactError(f"{uri}: gate settings: {first_problem(error)}") from error
