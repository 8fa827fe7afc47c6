"""The annotated corpus: stand-off annotations joined with their documents and checked, line by line."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from stancewire.data.annotation_rows import Row, read_rows
from stancewire.data.article import Article, Part, Sentence
from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.errors import DataError

DATA = Path(__file__).parent
SEEDS = DATA.parent / "seeds"
ANNOTATIONS = DATA / "annotations" / "annotations.jsonl"
ARTICLES = DATA / "annotations" / "articles.jsonl"
SYNTHETIC = tuple(DATA / "annotations" / f"{name}.jsonl" for name in ("synthetic", "contrast", "newswire"))
PASSES = (DATA / "annotations" / "pass_a.jsonl", DATA / "annotations" / "pass_b.jsonl")


@dataclass(frozen=True, slots=True)
class AnnotatedSentence:
    """One annotated unit. ``start`` and ``end`` are offsets in ``document`` (both None where the row carried its text).

    A row that was annotated on its own, out of its article, brings its context along: ``title`` and the sentences
    ``before`` it, oldest first.
    """

    id: str
    article: str
    text: str
    position: int
    part: Part
    labels: Mapping[str, str]
    document: str | None = None
    start: int | None = None
    end: int | None = None
    speaker: str | None = None
    speaker_mention: str | None = None
    target: str | None = None
    resolution: str | None = None
    title: str | None = None
    before: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Corpus:
    """Annotated sentences by article, in reading order. ``titles`` maps article to title, ``bodies`` to the text after it."""

    codebook: Codebook
    sentences: tuple[AnnotatedSentence, ...]
    digest: str
    titles: Mapping[str, str | None]
    bodies: Mapping[str, str] = field(default_factory=dict)
    body_starts: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def by_article(self) -> dict[str, list[AnnotatedSentence]]:
        """Sentences of each article in order; articles in file order."""
        grouped: dict[str, list[AnnotatedSentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault(sentence.article, []).append(sentence)
        return grouped

    def article(self, name: str) -> Article:
        """Return the article with its title apart, as a reader of a news feed would give it."""
        if name in self.bodies:
            return Article(id=name, text=self.bodies[name], title=self.titles[name])
        rows = self.by_article[name]
        return Article(id=name, text="\n".join(row.text for row in rows))

    def units(self, name: str) -> list[Sentence]:
        """Return the annotated spans as sentences of ``article(name)``: the gold segmentation."""
        units, offset = [], 0
        for row in self.by_article[name]:
            if row.start is None or row.end is None:
                start, end = offset, offset + len(row.text)
                offset = end + 1
            elif row.part == "title":
                start, end = 0, len(row.text)
            else:
                start, end = row.start - self.body_starts[name], row.end - self.body_starts[name]
            units.append(Sentence(row.position, row.part, start, end, row.text))
        return units

    def select(self, articles: Sequence[str]) -> "Corpus":
        """Return the corpus of the given articles only, in file order."""
        keep = set(articles)
        rows = tuple(row for row in self.sentences if row.article in keep)
        return Corpus(self.codebook, rows, self.digest, self.titles, self.bodies, self.body_starts)


def load_corpus(
    annotations: Path = ANNOTATIONS,
    codebook: Codebook | None = None,
    articles: Path | None = ARTICLES,
    documents: Path = SEEDS,
) -> Corpus:
    """Read and check an annotation file (JSON lines, CSV or TSV).

    Rows either carry their text (the codebook's text column) or stand off: ``document``, ``start``, ``end`` and ``sha1``,
    with ``articles`` naming the slices of the documents. Raises DataError naming file, line and rule.
    """
    codebook = codebook or load_codebook()
    reader = _Reader(annotations, codebook, documents)
    slices = _load_slices(articles, reader) if articles and _stands_off(annotations) else {}
    rows = [reader.sentence(line, row, slices) for line, row in read_rows(annotations)]
    if not rows:
        raise DataError(f"{annotations}: no annotations found; expected at least one row")
    bodies = {name: reader.document(cut["document"])[cut["body"] : cut["end"]] for name, cut in slices.items()}
    titles: dict[str, str | None] = {row.article: None for row in rows}
    titles.update({name: cut["title"] for name, cut in slices.items()})
    for row in rows:
        if row.part == "title":
            titles.setdefault(row.article, row.text)
            titles[row.article] = titles[row.article] or row.text
    starts = {name: cut["body"] for name, cut in slices.items()}
    return Corpus(codebook, tuple(rows), reader.digest(), titles, bodies, starts)


def load_synthetic(codebook: Codebook | None = None, paths: Sequence[Path] = SYNTHETIC) -> Corpus:
    """Read the written training sentences: for training folds only, never for validation, test or any figure.

    Raises DataError where two files share an article.
    """
    codebook = codebook or load_codebook()
    parts = [load_corpus(path, codebook, articles=None) for path in paths]
    titles: dict[str, str | None] = {}
    for path, part in zip(paths, parts, strict=True):
        if shared := sorted(titles.keys() & part.titles.keys()):
            raise DataError(f"{path}: article {shared[0]} stands in an earlier file too; give it another name")
        titles.update(part.titles)
    rows = tuple(row for part in parts for row in part.sentences)
    return Corpus(codebook, rows, written_digest(paths), titles)


def written_digest(paths: Sequence[Path] = SYNTHETIC) -> str:
    """SHA-256 over those of the written sentences' files; whatever codebook is in use."""
    return hashlib.sha256("".join(map(file_digest, paths)).encode()).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_passes(corpus: Corpus) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return both independent annotation passes, sentence id → row; ids must be the corpus' own."""
    known = {row.id for row in corpus.sentences}
    both = []
    for path in PASSES:
        rows = {row["id"]: dict(row) for _, row in read_rows(path)}
        if set(rows) != known:
            raise DataError(f"{path}: expected the {len(known)} ids of the corpus, found {len(rows)} others or fewer")
        both.append(rows)
    return both[0], both[1]


def _stands_off(path: Path) -> bool:
    return any("document" in row and "text" not in row for _, row in _first(path))


def _first(path: Path) -> Iterator[tuple[int, Row]]:
    for item in read_rows(path):
        yield item
        return


def _load_slices(path: Path, reader: "_Reader") -> dict[str, dict[str, Any]]:
    slices: dict[str, dict[str, Any]] = {}
    for line, row in read_rows(path):
        where = f"{path}:{line}"
        name, title = row["article"], row["title"]
        if name in slices:
            raise DataError(f"{where}: article {name} is listed twice")
        text = reader.document(row["document"], where)
        if not 0 <= row["start"] < row["end"] <= len(text):
            raise DataError(
                f"{where}: article {name}: offsets {row['start']}..{row['end']} leave the document ({len(text)})"
            )
        if title is not None and not text.startswith(title, row["start"]):
            raise DataError(f"{where}: article {name}: the slice does not begin with its title {title!r}")
        slices[name] = {**row, "body": row["start"] + len(title or "")}
    return slices


class _Reader:
    """Checks annotation rows one by one; keeps what spans rows (ids, documents, positions)."""

    def __init__(self, path: Path, codebook: Codebook, documents: Path) -> None:
        self.path, self.codebook, self.folder = path, codebook, documents
        self.texts: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.positions: dict[str, int] = {}
        self.ends: dict[str, int] = {}

    def document(self, name: str, where: str | None = None) -> str:
        """Return a document's text with its line ends untouched."""
        if name not in self.texts:
            path = self.folder / name
            if Path(name).name != name or not path.is_file():
                raise DataError(f"{where or self.path}: missing document {name!r}, expected it in {self.folder}")
            with path.open(encoding="utf-8", newline="") as handle:
                self.texts[name] = handle.read()
        return self.texts[name]

    def digest(self) -> str:
        """SHA-256 over the annotation file and its documents."""
        seal = hashlib.sha256(self.path.read_bytes())
        for name in sorted(self.texts):
            seal.update(self.texts[name].encode())
        return seal.hexdigest()

    def sentence(self, line: int, row: Row, slices: Mapping[str, Row]) -> AnnotatedSentence:
        """Check one row and return it with its text."""
        where = f"{self.path}:{line}"
        ident = str(row.get("id") or f"row-{line}")
        if ident in self.lines:
            raise DataError(f"{where}: double id {ident!r}, first used in line {self.lines[ident]}")
        self.lines[ident] = line
        article = str(row.get("article") or row.get("article_id") or ident)
        carried = row.get(self.codebook.text_column)
        text = str(carried) if carried else self._cut(row, where, slices)
        position = self.positions.get(article, 0)
        self.positions[article] = position + 1
        return AnnotatedSentence(
            id=ident,
            article=article,
            text=text,
            position=position,
            part=self._part(row, article, position, slices),
            labels={task.name: self._label(row, task.name, where) for task in self.codebook.tasks},
            document=None if carried else row["document"],
            start=None if carried else row["start"],
            end=None if carried else row["end"],
            speaker=row.get("speaker"),
            speaker_mention=self._mention(row, text, where),
            target=_optional_text(row, self.codebook.target_column),
            resolution=row.get("resolution"),
            title=row.get("title"),
            before=tuple(map(str, row["before"])) if isinstance(row.get("before"), list) else None,
        )

    def _part(self, row: Row, article: str, position: int, slices: Mapping[str, Row]) -> Part:
        if article in slices:
            cut = slices[article]
            return "title" if cut["title"] is not None and row["end"] <= cut["body"] else "body"
        return "title" if row.get("part") == "title" else "body"

    def _label(self, row: Row, task: str, where: str) -> str:
        value = row.get(task)
        names = self.codebook.task(task).names
        if value not in names:
            raise DataError(f"{where}: {task}: unknown value {value!r}, expected one of {', '.join(names)}")
        return str(value)

    def _mention(self, row: Row, text: str, where: str) -> str | None:
        mention = row.get("speaker_mention")
        if mention is not None and mention not in text:
            raise DataError(f"{where}: speaker_mention {mention!r} does not stand in the sentence")
        return mention

    def _cut(self, row: Row, where: str, slices: Mapping[str, Row]) -> str:
        missing = [name for name in ("document", "start", "end", "sha1") if row.get(name) is None]
        if missing:
            column = self.codebook.text_column
            raise DataError(
                f"{where}: expected {column!r} or document, start, end and sha1; {', '.join(missing)} missing"
            )
        start, end = row["start"], row["end"]
        document = self.document(row["document"], where)
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(document)):
            raise DataError(f"{where}: offsets {start}..{end} leave the document ({len(document)} code points)")
        text = document[start:end]
        found = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:10]
        if found != row["sha1"]:
            raise DataError(
                f"{where}: record {row.get('id')}: sha1 of {start}..{end} is {found}, expected {row['sha1']}"
            )
        self._check_order(row, where, slices)
        return text

    def _check_order(self, row: Row, where: str, slices: Mapping[str, Row]) -> None:
        article = row.get("article")
        if slices and article not in slices:
            raise DataError(f"{where}: unknown article {article!r}, expected one of the {len(slices)} listed")
        cut = slices.get(str(article))
        if cut and not (
            cut["document"] == row["document"] and cut["start"] <= row["start"] and row["end"] <= cut["end"]
        ):
            raise DataError(f"{where}: record {row.get('id')} lies outside its article {article}")
        if row["start"] < self.ends.get(str(article), 0):
            raise DataError(f"{where}: record {row.get('id')} overlaps the one before it or is out of order")
        self.ends[str(article)] = row["end"]


def _optional_text(row: Row, column: str | None) -> str | None:
    value = row.get(column) if column else None
    return None if value is None else str(value)
