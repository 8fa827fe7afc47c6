"""Fit the group model on the synthetic articles: ``python -m stancewire.features.attribution.fit_guess [--check]``.

Deterministic: features are sorted and the solver is convex, so the same articles give the same weights to the digits
kept. ``--check`` also prints the accuracy of grouped cross-validation on the sources that rules leave open.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from stancewire.data.article import Article, Sentence
from stancewire.data.codebook import load_codebook
from stancewire.data.corpus import SYNTHETIC
from stancewire.features.attribution.api import default_engine
from stancewire.features.attribution.guess import MODEL_PATH, features_of

_STRENGTH = 1.0
_MIN_ARTICLES = 2
_NEGLIGIBLE = 0.02
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """One source of one article: what is seen of it, its annotated group, and what the rules say."""

    article: str
    features: frozenset[str]
    group: str
    rule: str | None


def articles(*paths: Path) -> Iterator[tuple[Article, list[Sentence], list[dict[str, str]]]]:
    """Yield the written articles (those of ``paths``, if given) with their sentences and annotations; the first sentence
    is the title."""
    rows = [json.loads(line) for path in paths or SYNTHETIC for line in path.read_text(encoding="utf-8").splitlines()]
    for name, group in groupby(rows, key=lambda row: row["article"]):
        part = list(group)
        title = part[0]["text"]
        sentences = [Sentence(0, "title", 0, len(title), title)]
        body = ""
        for index, row in enumerate(part[1:], start=1):
            body += " " if body else ""
            sentences.append(Sentence(index, "body", len(body), len(body) + len(row["text"]), row["text"]))
            body += row["text"]
        yield Article(name, body, title=title), sentences, part


def samples(source: Iterable[tuple[Article, list[Sentence], list[dict[str, str]]]]) -> list[Sample]:
    """Return the rightly resolved sources of articles, each once an article."""
    engine = default_engine()
    task = load_codebook().by_role("group")
    assert task is not None
    found: list[Sample] = []
    for article, sentences, rows in source:
        for seen in engine.sources(article, sentences):
            row = rows[seen.sentence]
            if row["speaker"] is not None and row["speaker"].casefold() == seen.name.casefold():
                features = features_of(engine.actors, seen.name, seen.kind, seen.descriptions, seen.around)
                found.append(Sample(article.id, frozenset(features), row[task.name], seen.rule_group))
    return found


def fit(data: list[Sample]) -> tuple[DictVectorizer, LogisticRegression]:
    """Fit the model on ``data``; features of a single source are left out."""
    counts = Counter(feature for sample in data for feature in sample.features)
    vectorizer = DictVectorizer(sort=True)
    rows = vectorizer.fit_transform(
        [{feature: 1.0 for feature in sorted(sample.features) if counts[feature] >= _MIN_ARTICLES} for sample in data]
    )
    return vectorizer, LogisticRegression(C=_STRENGTH, max_iter=500).fit(rows, [sample.group for sample in data])


def write(data: list[Sample], path: Path = MODEL_PATH) -> None:
    """Fit on all of ``data`` and store the weights as JSON."""
    vectorizer, model = fit(data)
    weights = {
        name: [round(float(weight), 2) for weight in column]
        for name, column in zip(vectorizer.feature_names_, model.coef_.T, strict=True)
        if float(np.abs(column).max()) >= _NEGLIGIBLE
    }
    content = {
        "groups": list(model.classes_),
        "bias": [round(float(bias), 3) for bias in model.intercept_],
        "weights": weights,
    }
    part = path.with_suffix(".part")
    part.write_text(
        json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )
    part.replace(path)


def check(data: list[Sample]) -> float:
    """Return the accuracy, under cross-validation grouped by article, on the sources that rules leave open."""
    right = asked = 0
    names = [sample.article for sample in data]
    for train, test in GroupKFold(_FOLDS).split(np.zeros(len(data)), groups=names):
        vectorizer, model = fit([data[index] for index in train])
        held = [data[index] for index in test if data[index].rule is None]
        guesses = model.predict(vectorizer.transform([dict.fromkeys(sample.features, 1.0) for sample in held]))
        right += sum(guess == sample.group for guess, sample in zip(guesses, held, strict=True))
        asked += len(held)
    return right / asked


def main() -> None:
    """Fit, store, and with ``--check`` report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="report grouped cross-validation too")
    arguments = parser.parse_args()
    data = samples(articles())
    write(data)
    sys.stderr.write(f"{len(data)} sources, {MODEL_PATH.name} written\n")
    if arguments.check:
        sys.stderr.write(f"accuracy where rules are silent, grouped cross-validation: {check(data):.3f}\n")


if __name__ == "__main__":
    main()
