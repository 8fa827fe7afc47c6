"""Several annotation files as one corpus: what they agree on once, what they disagree on listed and settled by a rule."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stancewire.data.codebook import Codebook
from stancewire.data.corpus import ARTICLES, AnnotatedSentence, Corpus, load_corpus
from stancewire.data.errors import DataError

LISTED = 20
Rule = Literal["refuse", "first", "last", "majority"]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One sentence labelled differently in one task: ``values`` are (file, value) in file order."""

    article: str
    text: str
    task: str
    values: tuple[tuple[str, str], ...]

    def line(self) -> str:
        """Return the conflict as one line."""
        said = ", ".join(f"{value} in {name}" for name, value in self.values)
        return f"{self.article}: {self.task}: {said}: {self.text[:60]!r}"


@dataclass(frozen=True, slots=True)
class Merged:
    """The corpus of all files, that of the first one alone, and the conflicts that the rule settled."""

    corpus: Corpus
    first: Corpus
    conflicts: tuple[Conflict, ...]


def load_annotation_files(paths: Sequence[Path], codebook: Codebook, rule: Rule = "refuse") -> Merged:
    """Read, check and merge annotation files, earlier ones first.

    Two rows are about one sentence when they carry one id, or the same text of the same article. Where their labels
    differ, ``refuse`` raises DataError with every conflict, ``first`` and ``last`` take that file's labels, ``majority``
    each task's commonest value (a tie refuses). DataError too where one id names two texts.
    """
    if not paths:
        raise DataError("annotations: expected at least one file, found none")
    corpora = [load_corpus(path, codebook, _articles_of(path)) for path in paths]
    if len(corpora) == 1:
        return Merged(corpora[0], corpora[0], ())
    files = [path.name if _unique_names(paths) else str(path) for path in paths]
    groups = _group(corpora, files)
    conflicts = tuple(found for entries in groups.values() for found in _conflicts(entries, codebook))
    unsettled = conflicts if rule == "refuse" else _ties(conflicts) if rule == "majority" else ()
    if unsettled:
        raise DataError(_refusal(unsettled, rule))
    settled = {key: _settle(entries, codebook, rule) for key, entries in groups.items()}
    return Merged(_combine(corpora, settled, codebook, rule), corpora[0], conflicts)


def _articles_of(path: Path) -> Path | None:
    """Return the article slices that a stand-off file refers to: beside it, else the seed corpus' own."""
    beside = path.parent / ARTICLES.name
    return beside if beside.is_file() else ARTICLES


def _unique_names(paths: Sequence[Path]) -> bool:
    return len({path.name for path in paths}) == len(paths)


@dataclass(frozen=True, slots=True)
class _Entry:
    file: str
    sentence: AnnotatedSentence


def _group(corpora: Sequence[Corpus], files: Sequence[str]) -> dict[Key, list[_Entry]]:
    """Collect the rows about each sentence, in order of first appearance."""
    groups: dict[Key, list[_Entry]] = {}
    by_id: dict[str, Key] = {}
    for corpus, file in zip(corpora, files, strict=True):
        repeats: Counter[tuple[str, str]] = Counter()
        for sentence in corpus.sentences:
            repeats[sentence.article, sentence.text] += 1
            key: Key = (sentence.article, sentence.text, str(repeats[sentence.article, sentence.text]))
            known = by_id.setdefault(sentence.id, key)
            if known[1] != sentence.text:
                raise DataError(f"{file}: id {sentence.id!r} names another sentence than in {groups[known][0].file}: "
                                f"{sentence.text[:60]!r} and {known[1][:60]!r}")  # fmt: skip
            groups.setdefault(known, []).append(_Entry(file, sentence))
    return groups


def _conflicts(entries: Sequence[_Entry], codebook: Codebook) -> list[Conflict]:
    found = []
    first = entries[0].sentence
    for task in codebook.task_names:
        values = tuple((entry.file, entry.sentence.labels[task]) for entry in entries)
        if len({value for _, value in values}) > 1:
            found.append(Conflict(first.article, first.text, task, values))
    return found


def _ties(conflicts: Sequence[Conflict]) -> tuple[Conflict, ...]:
    return tuple(conflict for conflict in conflicts if _majority([value for _, value in conflict.values]) is None)


def _majority(values: Sequence[str]) -> str | None:
    """Return the commonest value, None where two are equally common."""
    (best, count), *others = Counter(values).most_common()
    return None if others and others[0][1] == count else best


def _refusal(conflicts: Sequence[Conflict], rule: Rule) -> str:
    lines = [conflict.line() for conflict in conflicts[:LISTED]]
    if len(conflicts) > LISTED:
        lines.append(f"… and {len(conflicts) - LISTED} more")
    what = "ties that a majority cannot settle" if rule == "majority" else "conflicts"
    advice = "settle them in the files or set data.on_conflict to first, last or majority"
    return f"annotations: {len(conflicts)} {what}; {advice}\n" + "\n".join(lines)


def _settle(entries: Sequence[_Entry], codebook: Codebook, rule: Rule) -> AnnotatedSentence:
    """Return the row that stands for a sentence; its place and offsets are those of its first appearance."""
    first = entries[0].sentence
    chosen = entries[-1].sentence if rule == "last" else first
    labels: Mapping[str, str] = chosen.labels
    if rule == "majority":
        votes = {task: [entry.sentence.labels[task] for entry in entries] for task in codebook.task_names}
        labels = {task: _majority(given) or first.labels[task] for task, given in votes.items()}
    return replace(first, labels=labels, speaker=chosen.speaker, speaker_mention=chosen.speaker_mention)


def _combine(
    corpora: Sequence[Corpus], settled: Mapping[Key, AnnotatedSentence], codebook: Codebook, rule: Rule
) -> Corpus:
    titles: dict[str, str | None] = {}
    bodies: dict[str, str] = {}
    starts: dict[str, int] = {}
    for corpus in corpora:
        for name, title in corpus.titles.items():
            titles[name] = titles.get(name) or title
        bodies = {**corpus.bodies, **bodies}
        starts = {**corpus.body_starts, **starts}
    by_article: dict[str, list[AnnotatedSentence]] = {}
    for sentence in settled.values():
        by_article.setdefault(sentence.article, []).append(sentence)
    rows: list[AnnotatedSentence] = []
    for name, members in by_article.items():
        ordered = _in_document(members, bodies[name], starts[name]) if name in bodies else members
        rows += [replace(sentence, position=position) for position, sentence in enumerate(ordered)]
    seal = hashlib.sha256("\n".join([rule, *(corpus.digest for corpus in corpora)]).encode())
    return Corpus(codebook, tuple(rows), seal.hexdigest(), titles, bodies, starts)


def _in_document(members: Sequence[AnnotatedSentence], body: str, start: int) -> list[AnnotatedSentence]:
    """Return an article's rows in the document's order; rows that carried their text are looked up there."""
    placed = []
    for row in members:
        if row.start is not None:
            placed.append(row)
            continue
        at = body.find(row.text) if row.part != "title" else -len(row.text)
        if at < 0 and row.part != "title":
            raise DataError(f"article {row.article}: {row.id} does not stand in its document: {row.text[:60]!r}")
        placed.append(replace(row, start=start + at, end=start + at + len(row.text), before=None))
    return sorted(placed, key=lambda row: row.start or 0)
