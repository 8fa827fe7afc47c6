"""No article and no near-duplicate crosses a split; every value that can be in each part is."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from stancewire.data.corpus import Corpus, load_corpus
from stancewire.data.errors import DataError
from stancewire.data.splits import (
    SHARES,
    SPLIT_FILE,
    article_groups,
    grouped_folds,
    inner_split,
    load_split,
    make_split,
)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return load_corpus()


@pytest.fixture(scope="module")
def copied(corpus: Corpus) -> Corpus:
    """Return the corpus with eight articles repeated under other names, every seventh sentence dropped."""
    rows = list(corpus.sentences)
    for name in list(corpus.by_article)[:8]:
        kept = [row for number, row in enumerate(corpus.by_article[name]) if number % 7 != 6]
        rows += [replace(row, id=f"copy-{row.id}", article=f"copy-{name}") for row in kept]
    return Corpus(corpus.codebook, tuple(rows), corpus.digest, corpus.titles)


def test_committed_split_is_what_its_command_makes(corpus: Corpus) -> None:
    assert load_split(corpus) == make_split(corpus, 20150930)


def test_parts_share_no_article(corpus: Corpus) -> None:
    split = load_split(corpus)
    assert sorted(split.train + split.validation + split.test) == sorted(corpus.by_article)


def test_near_duplicates_stay_together(copied: Corpus) -> None:
    split = make_split(copied)
    folds = grouped_folds(copied)
    for name in (name for name in copied.by_article if name.startswith("copy-")):
        original = name.removeprefix("copy-")
        assert any({name, original} <= set(split.part(part)) for part in SHARES)
        assert sum({name, original} <= set(fold.test) for fold in folds) == 1


def test_groups_tell_copies_from_other_articles(copied: Corpus) -> None:
    groups = dict(zip(copied.by_article, article_groups(copied), strict=True))
    assert all(groups[name] == groups[name.removeprefix("copy-")] for name in groups if name.startswith("copy-"))
    assert len(set(groups.values())) == 46


def test_each_value_with_enough_articles_is_in_each_part(corpus: Corpus) -> None:
    split = load_split(corpus)
    for task in corpus.codebook.tasks:
        for value in task.names:
            articles = {row.article for row in corpus.sentences if row.labels[task.name] == value}
            if len(articles) >= 8:
                assert all(articles & set(split.part(part)) for part in SHARES), f"{task.name} {value}"


def test_folds_cover_every_article_once(corpus: Corpus) -> None:
    folds = grouped_folds(corpus)
    assert sorted(name for fold in folds for name in fold.test) == sorted(corpus.by_article)
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        assert len(fold.train) + len(fold.test) == 46


def test_fold_sizes_are_even(corpus: Corpus) -> None:
    sizes = [sum(len(corpus.by_article[name]) for name in fold.test) for fold in grouped_folds(corpus)]
    assert max(sizes) - min(sizes) < 40


def test_inner_validation_comes_off_the_training_side(corpus: Corpus) -> None:
    fold = grouped_folds(corpus)[0]
    train, validation = inner_split(corpus.select(fold.train), 0.15, 3)
    assert sorted(train + validation) == sorted(fold.train)
    assert validation


def test_split_of_another_corpus_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "splits.json"
    path.write_text(json.dumps(json.loads(SPLIT_FILE.read_text()) | {"corpus": "0" * 64}), encoding="utf-8")
    with pytest.raises(DataError, match="made for corpus 0000000000, found .* run python -m data.splits"):
        load_split(corpus, path)


def test_too_many_folds_is_an_error(corpus: Corpus) -> None:
    with pytest.raises(DataError, match="cannot fill 60 parts"):
        grouped_folds(corpus, 60)
