"""No run can make itself look better than it is: a planted leak does not help, held-out labels cannot matter."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.splits import Fold, grouped_folds
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import Example
from stancewire.models.base import Classifier, SilentLog
from stancewire.models.cross_validation import OutOfFold, cross_validate
from stancewire.models.evaluation.metrics import task_metrics
from stancewire.models.settings import Settings, TfidfSettings
from stancewire.models.training import fit_classifier

K = 2
SETTINGS = Settings(
    name="protocol",
    model=TfidfSettings(
        c_grid=(0.5, 8.0), min_df_grid=(1,), folds=2, char_ngrams=(3, 3), word_ngrams=(1, 1), max_features=300
    ),
)


@pytest.fixture(scope="module")
def part() -> Corpus:
    whole = load_corpus()
    side = whole.codebook.by_role("side")
    assert side is not None
    codebook = Codebook(name="one-task", tasks=(side,))
    return replace(whole, codebook=codebook).select(list(whole.by_article)[:14])


@pytest.fixture(scope="module")
def folds(part: Corpus) -> list[Fold]:
    return grouped_folds(part, K)


@pytest.fixture(scope="module")
def examples(part: Corpus) -> list[Example]:
    return corpus_examples(part)


def predict(examples: Sequence[Example], folds: Sequence[Fold], part: Corpus) -> list[OutOfFold]:
    def fit(train: Sequence[Example], seed: int) -> Classifier:
        return fit_classifier(SETTINGS, part.codebook, train, [], seed, SilentLog())

    return cross_validate(fit, examples, [], folds, 1)


def macro_f1(rows: Sequence[OutOfFold], examples: Sequence[Example], part: Corpus) -> float:
    task = part.codebook.by_role("side")
    assert task is not None
    gold = [task.index(example.labels[task.name]) for example in examples]
    return task_metrics(task, gold, [int(np.argmax(row.probabilities[task.name])) for row in rows]).macro_f1


def leaking(examples: Sequence[Example], folds: Sequence[Fold], part: Corpus, own_token: bool) -> list[Example]:
    """Write each sentence's label into its text: with a token of its fold's own, or with one shared by all folds."""
    task = part.codebook.by_role("side")
    assert task is not None
    number = {article: fold.number for fold in folds for article in fold.test}
    marked = []
    for example in examples:
        fold = number[example.article] if own_token else 0
        letter = "aegiknqsuvwxyz"[fold * len(task.names) + task.index(example.labels[task.name])]
        token = letter * 6  # so that not even character n-grams are shared by two tokens
        text = f"{token} {example.input.text} {token}"
        marked.append(replace(example, input=replace(example.input, text=text)))
    return marked


def test_a_leak_of_the_held_out_fold_does_not_help(examples: list[Example], folds: list[Fold], part: Corpus) -> None:
    honest = macro_f1(predict(examples, folds, part), examples, part)
    marked = leaking(examples, folds, part, own_token=True)
    assert macro_f1(predict(marked, folds, part), examples, part) < honest + 0.05
    # The same leak helps at once where training can see it: the test above would notice.
    shared = leaking(examples, folds, part, own_token=False)
    assert macro_f1(predict(shared, folds, part), examples, part) > honest + 0.3


def test_held_out_labels_change_no_prediction_of_their_fold(
    examples: list[Example], folds: list[Fold], part: Corpus
) -> None:
    # Search of C and every fit see training folds only: other labels in fold 0 leave its predictions equal to the bit.
    task = part.codebook.tasks[0]
    turned = dict(zip(task.names, task.names[::-1], strict=True))
    held_out = set(folds[0].test)
    spoiled = [
        replace(row, labels={task.name: turned[row.labels[task.name]]}) if row.article in held_out else row
        for row in examples
    ]
    before, after = predict(examples, folds, part), predict(spoiled, folds, part)
    same = [one.probabilities == other.probabilities for one, other in zip(before, after, strict=True)]
    assert all(equal for equal, row in zip(same, before, strict=True) if row.fold == folds[0].number)
    assert not all(equal for equal, row in zip(same, before, strict=True) if row.fold != folds[0].number)
