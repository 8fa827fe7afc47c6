"""What a learned tagger would add to the rules of attribution: rules only, learned only, both.

Three questions. Of a sentence: is it attributed, and is its content quoted, reported or both. The tagger is a multinomial
logistic regression over words, word pairs, quotation marks and the sentence before. Of a pronoun that names a source: which
of the sources before it is meant. There a logistic regression scores each candidate by distance, order, frequency and form.
"Both" gives the models the rules' answers as features too. Cross-validation over the train and validation articles, grouped
by article; training folds get the synthetic sentences as well. The test articles are left out.
``--seed`` orders the folds.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold

from stancewire.data.codebook import load_codebook
from stancewire.data.corpus import SYNTHETIC, Corpus, load_corpus, load_synthetic
from stancewire.features.attribution import attribute
from stancewire.models.attribution_scores import folded

SPLITS = Path(__file__).parents[1] / "data" / "splits.json"
FOLDS = 5
STRENGTH = 1.0
MIN_SENTENCES = 3
PRONOUNS = frozenset(("he", "she", "it", "they"))
CANDIDATES = 6
Features = dict[str, float]

_WORD = re.compile(r"\w+(?:[-'’]\w+)*|[“”\"‘’:,—–-]")
_OPENING, _CLOSING = '“"‘', '”"’'


def words_of(text: str) -> list[str]:
    """Return the words and marks of a sentence in lower case, names and numbers as their shape."""
    found = []
    for place, word in enumerate(_WORD.findall(text)):
        named = place > 0 and word[0].isupper()
        found.append("<name>" if named else "<number>" if word[0].isdigit() else word.lower())
    return found


def features_of(text: str, before: str, title: bool, open_quote: bool) -> Features:
    """Return what the tagger sees of one sentence; ``open_quote`` tells that a quotation runs on into it."""
    words = words_of(text)
    found = {f"w:{word}": 1.0 for word in words}
    found |= {f"p:{left} {right}": 1.0 for left, right in pairwise(words)}
    found |= {f"b:{word}": 1.0 for word in words_of(before)[-3:]}
    found |= {f"first:{word}": 1.0 for word in words[:2]} | {f"last:{word}": 1.0 for word in words[-4:]}
    marks = {
        "title": title,
        "open": open_quote,
        "starts": text[:1] in _OPENING,
        "ends": text[-1:] in _CLOSING,
        "quoted": any(mark in text for mark in '“”"'),
        "before quoted": before[-1:] in _CLOSING,
    }
    return found | {f"m:{name}": 1.0 for name, holds in marks.items() if holds}


def sentences_of(corpus: Corpus, articles: Sequence[str]) -> Iterator[tuple[str, Features, str, str, str]]:
    """Yield article, features, the annotated quotation type, the rules' type and rule of every sentence."""
    task = load_codebook().by_role("quotation")
    assert task is not None
    nothing = task.names[-1]
    for name in articles:
        article, units = corpus.article(name), corpus.units(name)
        found = {one.sentence: one for one in attribute(article, units)}
        before, opened = "", False
        for unit, row in zip(units, corpus.by_article[name], strict=True):
            one = found.get(unit.index)
            features = features_of(unit.text, before, unit.part == "title", opened)
            yield name, features, row.labels[task.name], one.quotation if one else nothing, one.rule if one else ""
            opened = (opened or "“" in unit.text) and unit.text.rfind("“") >= unit.text.rfind("”")
            before = unit.text


def predict(train: Sequence[Features], labels: Sequence[str], test: Sequence[Features]) -> list[str]:
    """Fit on ``train``, features of few sentences left out, and return the labels of ``test``."""
    counts: dict[str, int] = {}
    for row in train:
        for feature in row:
            counts[feature] = counts.get(feature, 0) + 1
    vectorizer = DictVectorizer()
    kept = [{name: value for name, value in row.items() if counts[name] >= MIN_SENTENCES} for row in train]
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(vectorizer.fit_transform(kept), list(labels))
    return list(model.predict(vectorizer.transform(list(test))))


@dataclass(frozen=True)
class Pronoun:
    """A pronoun with its candidates: names, what the model sees of each, who is meant, and whom the rules take."""

    article: str
    names: tuple[str, ...]
    seen: tuple[Features, ...]
    gold: str | None
    rule: str | None


def pronouns_of(corpus: Corpus, articles: Sequence[str]) -> Iterator[Pronoun]:
    """Yield the pronouns that rules and annotation both take for the mention, with the sources named before as candidates."""
    for name in articles:
        units = corpus.units(name)
        found = {one.sentence: one for one in attribute(corpus.article(name), units)}
        spoken: list[tuple[str, int, str]] = []
        for unit, row in zip(units, corpus.by_article[name], strict=True):
            one = found.get(unit.index)
            mention = (one.mention or "").lower() if one else ""
            if one and mention in PRONOUNS and one.mention == row.speaker_mention and spoken:
                names = tuple(dict.fromkeys(who for who, _, _ in reversed(spoken)))[:CANDIDATES]
                seen = tuple(candidate(who, mention, spoken, unit.index, order) for order, who in enumerate(names))
                yield Pronoun(name, names, seen, folded(row.speaker), folded(one.speaker))
            if one:
                spoken.append((one.speaker, unit.index, one.quotation))


def candidate(who: str, pronoun: str, spoken: Sequence[tuple[str, int, str]], at: int, order: int) -> Features:
    """Return what the model sees of one candidate source."""
    last = max(place for name, place, _ in spoken if name == who)
    form = f"{len(who.split())} {who[:1].isupper()} {who.endswith('s')}"
    last_word = who.split()[-1].lower()
    return {
        f"order:{order}": 1.0,
        f"distance:{min(at - last, 6)}": 1.0,
        f"{pronoun} form:{form}": 1.0,
        f"{pronoun} last:{last_word}": 1.0,
        "times": min(sum(name == who for name, _, _ in spoken), 5) / 5,
    }


def choose(train: Sequence[Pronoun], test: Sequence[Pronoun], with_rules: bool) -> list[str]:
    """Fit on the candidates of ``train``; return the best candidate of every pronoun of ``test``."""

    def rows(one: Pronoun) -> list[Features]:
        extra = [{"rule": float(folded(name) == one.rule)} if with_rules else {} for name in one.names]
        return [seen | more for seen, more in zip(one.seen, extra, strict=True)]

    vectorizer = DictVectorizer()
    fitted = vectorizer.fit_transform([row for one in train for row in rows(one)])
    meant = [folded(name) == one.gold for one in train for name in one.names]
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(fitted, meant)
    return [one.names[int(model.predict_proba(vectorizer.transform(rows(one)))[:, 1].argmax())] for one in test]


def compare_pronouns(data: Sequence[Pronoun], extra: Sequence[Pronoun], seed: int) -> None:
    """Print how often each way finds whom a pronoun means."""
    right = {"rules only": sum(one.rule == one.gold for one in data), "learned only": 0, "both": 0}
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for train, test in folds.split(np.zeros(len(data)), groups=[one.article for one in data]):
        held = [data[index] for index in test]
        for name, with_rules in (("learned only", False), ("both", True)):
            chosen = choose([data[index] for index in train] + list(extra), held, with_rules)
            right[name] += sum(folded(who) == one.gold for who, one in zip(chosen, held, strict=True))
    for name, count in right.items():
        print(f"{name:<14} pronouns {count / len(data):.3f} of {len(data)}")


def report(name: str, gold: Sequence[str], found: Sequence[str], nothing: str) -> None:
    """Print one line of the table."""
    attributed = f1_score([one != nothing for one in gold], [one != nothing for one in found])
    print(
        f"{name:<14} attributed F1 {attributed:.3f}   quotation macro-F1 {f1_score(gold, found, average='macro'):.3f}"
    )


def main() -> None:
    """Print the ablation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    splits = json.loads(SPLITS.read_text(encoding="utf-8"))
    corpus, synthetic = load_corpus(), load_synthetic(paths=SYNTHETIC[:1])
    developed = [*splits["train"], *splits["validation"]]
    pronouns = list(pronouns_of(corpus, developed)), list(pronouns_of(synthetic, list(synthetic.by_article)))
    compare_pronouns(*pronouns, arguments.seed)
    data = list(sentences_of(corpus, developed))
    extra = list(sentences_of(synthetic, list(synthetic.by_article)))
    task = load_codebook().by_role("quotation")
    assert task is not None
    gold = [row[2] for row in data]
    alone, stacked = [""] * len(data), [""] * len(data)
    folds = GroupKFold(FOLDS, shuffle=True, random_state=arguments.seed)
    for train, test in folds.split(np.zeros(len(data)), groups=[row[0] for row in data]):
        rows = [data[index] for index in train] + extra
        held = [data[index] for index in test]
        labels = [row[2] for row in rows]
        for found, with_rules in ((alone, False), (stacked, True)):
            given = [[seen(row, with_rules) for row in part] for part in (rows, held)]
            for index, label in zip(test, predict(given[0], labels, given[1]), strict=True):
                found[index] = label
    report("rules only", gold, [row[3] for row in data], task.names[-1])
    report("learned only", gold, alone, task.names[-1])
    report("both", gold, stacked, task.names[-1])


def seen(row: tuple[str, Features, str, str, str], with_rules: bool) -> Features:
    """Return the features of a sentence, the rules' answer among them if asked for."""
    return row[1] | {f"r:{row[3]}": 1.0, f"r:{row[4]} {row[3]}": 1.0} if with_rules else row[1]


if __name__ == "__main__":
    main()
