"""From articles to records: segment, attribute, classify in windows across articles, and write down one object a sentence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stancewire.data.actors import Actors
from stancewire.data.article import Article, Sentence
from stancewire.data.codebook import Task
from stancewire.data.records import SCHEMA_VERSION
from stancewire.data.sentences import segment
from stancewire.features.attribution.api import engine_for
from stancewire.features.attribution.types import Attribution
from stancewire.features.context import sentence_inputs
from stancewire.features.examples import attributions_of
from stancewire.features.inputs import SentenceInput
from stancewire.models.base import FloatArray
from stancewire.models.bundle import Bundle
from stancewire.models.fusion import attributed_tasks

WINDOW = 2048
DIGITS = 4

Unit = Literal["sentence", "row"]
Record = dict[str, Any]
DuplicateOf = Callable[[Article], str | None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready for the classifier; everything but the probabilities is known."""

    article: Article
    sentences: Sequence[Sentence]
    attributions: dict[int, Attribution]
    inputs: Sequence[SentenceInput]
    duplicate_of: str | None = None


class Predictor:
    """Annotates articles with one model. The records of a sentence do not depend on the articles around it.

    ``model`` is the URI, with its version, written into every record; ``unit`` "row" takes each article as one sentence;
    ``window`` bounds the sentences held at a time, and so the memory. ``actors`` replace the ones shipped with the project.
    """

    def __init__(
        self,
        bundle: Bundle,
        model: str,
        unit: Unit = "sentence",
        window: int = WINDOW,
        actors: Actors | None = None,
    ) -> None:
        self.bundle = bundle
        self.model = model
        self.unit = unit
        self.window = window
        self._attribution = engine_for(actors)

    def records(self, articles: Iterable[Article], duplicate_of: DuplicateOf | None = None) -> Iterator[list[Record]]:
        """Yield the records of each article, articles in the order given; an article without sentences gives []."""
        waiting: list[Prepared] = []
        held = 0
        for article in articles:
            prepared = self.prepare(article, duplicate_of(article) if duplicate_of else None)
            waiting.append(prepared)
            held += len(prepared.inputs)
            if held >= self.window:
                yield from self.predict(waiting)
                waiting, held = [], 0
        yield from self.predict(waiting)

    def prepare(self, article: Article, duplicate_of: str | None = None) -> Prepared:
        """Segment and attribute one article."""
        sentences = segment(article) if self.unit == "sentence" else _one_unit(article)
        attributions = attributions_of(article, sentences, self.bundle.codebook, self._attribution)
        targets = [article.target] * len(sentences)
        inputs = sentence_inputs(sentences, article.title, attributions, targets)
        return Prepared(article, sentences, {found.sentence: found for found in attributions}, inputs, duplicate_of)

    def predict(self, prepared: Sequence[Prepared]) -> list[list[Record]]:
        """Classify all sentences of several articles at once; returns one list of records an article."""
        inputs = [item for one in prepared for item in one.inputs]
        probabilities = self.bundle.predict_proba(inputs)
        review = self.bundle.needs_review(probabilities)
        labels = self._labels(probabilities, inputs)
        results, row = [], 0
        for one in prepared:
            records = []
            for sentence in one.sentences:
                record = self._heading(one, sentence)
                record |= labels[row]
                record |= {"needs_review": bool(review[row]), "duplicate_of": one.duplicate_of}
                record |= {"model": self.model, "schema_version": SCHEMA_VERSION}
                records.append(record)
                row += 1
            results.append(records)
        return results

    def _tasks(self) -> list[Task]:
        known = set(self.bundle.classifier.tasks)
        return [task for task in self.bundle.codebook.tasks if task.name in known]

    def _choose(self, task: Task, matrix: FloatArray, inputs: Sequence[SentenceInput]) -> NDArray[np.int64]:
        """Take the most probable value; a sentence is unattributed exactly if attribution found no speaker."""
        allowed = np.array(matrix)
        if task in attributed_tasks(self.bundle.codebook) and len(inputs):
            nobody = task.index(task.unattributed or task.names[0])
            speaks = np.array([item.speaker is not None for item in inputs])
            allowed[speaks, nobody] = -1.0
            allowed[~speaks, nobody] = 2.0
        return np.asarray(np.argmax(allowed, axis=1), dtype=np.int64)

    def _heading(self, one: Prepared, sentence: Sentence) -> Record:
        article = one.article
        record: Record = {
            "article_id": article.id, "title": article.title, "source": article.source,
            "published": article.published, "url": article.url,
            "part": sentence.part, "sentence": sentence.index, "text": sentence.text,
            "start": sentence.start, "end": sentence.end,
        }  # fmt: skip
        if self.bundle.codebook.target_column is not None:
            record[self.bundle.codebook.target_column] = article.target
        if self.bundle.codebook.attribution:
            found = one.attributions.get(sentence.index)
            start, end = found.mention_span if found and found.mention_span else (None, None)
            record |= {"speaker": found.speaker if found else None, "speaker_mention": found.mention if found else None}
            record |= {"mention_start": start, "mention_end": end}
        return record

    def _labels(self, probabilities: dict[str, FloatArray], inputs: Sequence[SentenceInput]) -> list[Record]:
        """Return per sentence what the classifier says: values, their probabilities, all probabilities."""
        tasks = self._tasks()
        chosen = {task.name: self._choose(task, probabilities[task.name], inputs).tolist() for task in tasks}
        rounded = {task.name: np.round(probabilities[task.name], DIGITS).tolist() for task in tasks}
        records = []
        for row in range(len(inputs)):
            record: Record = {task.name: task.names[chosen[task.name][row]] for task in tasks}
            for task in tasks:
                if task.probability:
                    record[f"{task.name}_probability"] = rounded[task.name][row][chosen[task.name][row]]
            record["probabilities"] = {
                task.name: dict(zip(task.names, rounded[task.name][row], strict=True)) for task in tasks
            }
            records.append(record)
        return records


def _one_unit(article: Article) -> list[Sentence]:
    """Take the whole row as one sentence, outer white space aside."""
    text = article.text.strip()
    start = article.text.find(text)
    return [Sentence(0, "body", start, start + len(text), text)] if text else []
