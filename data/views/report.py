"""The report: records in, one HTML file out; article pages beside it where the articles are too many for one file."""

import shutil
from pathlib import Path

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.views.aggregate import Aggregate
from stancewire.data.views.inputs import ArticleRows, Reading, Records, iter_articles
from stancewire.data.views.meta import ReportMeta, ReportSummary
from stancewire.data.views.names import name_joiner
from stancewire.data.views.network import Actors, NetworkSettings
from stancewire.data.views.network_page import NetworkCounts, page_networks
from stancewire.data.views.payload import Json, Names, article_head, sentences_payload
from stancewire.data.views.render import SHARED_STYLE, article_page, codebook_payload, report_page, shared_files
from stancewire.data.views.roles import Roles
from stancewire.data.views.safety import embedded_json

INLINE_ARTICLES = 400
INLINE_CHARACTERS = 3_000_000
GIANT_CHARACTERS = 250_000


def write_report(records: Records, output: Path, meta: ReportMeta, codebook: Codebook) -> ReportSummary:
    """Write the report on ``records`` (mappings, or paths of record files) to ``output``.

    Up to INLINE_ARTICLES articles stand in the page itself; more of them, or very long ones, get pages in ``<output
    stem>_files``. Articles are read one at a time. Nothing is written under the final names before all is done.
    DataError: the records break the interface, or a folder in the way is not a report's.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    roles = Roles(codebook)
    builder = _Builder(roles, _Pages(output, codebook))
    try:
        for article in iter_articles(records, codebook, Reading(name_joiner(codebook, meta.join_names))):
            builder.add(article)
        data = builder.data(meta)
        beside = output.with_name(output.name + ".part")
        beside.write_text(report_page(meta.title, codebook.language, data), encoding="utf-8")
        builder.pages.publish()
        beside.replace(output)
    finally:
        builder.pages.discard()
    totals = builder.aggregate.totals
    pages = builder.pages
    return ReportSummary(
        report=output,
        articles=totals["articles"],
        sentences=totals["sentences"],
        speakers=len(builder.speakers.index),
        pages=pages.count,
        files=pages.folder if pages.count else None,
        size=output.stat().st_size,
    )


class _Builder:
    """Feeds every article to the counts and decides where its text goes."""

    def __init__(self, roles: Roles, pages: "_Pages") -> None:
        self.roles = roles
        self.pages = pages
        self.speakers = Names()
        self.aggregate = Aggregate(roles, self.speakers)
        kinds: tuple[Actors, ...] = ("speaker", "group")
        self.networks = {kind: NetworkCounts(roles, NetworkSettings(actors=kind)) for kind in kinds}
        self.heads: list[Json] = []
        self.held: dict[int, list[list[object]]] = {}
        self.room = INLINE_CHARACTERS

    def add(self, article: ArticleRows) -> None:
        original = self.aggregate.numbers.get(article.duplicate_of or "")
        number = self.aggregate.add(article)
        if original is None:
            for network in self.networks.values():
                network.add(article)
        head = article_head(article, self.roles)
        if original is not None:
            head["of"] = original
        sentences = sentences_payload(article, self.speakers)
        head["sp"] = sorted({s for row in sentences if isinstance(s := row[3], int) and s >= 0})
        self.heads.append(head)
        self._place(number, sentences)

    def _place(self, number: int, sentences: list[list[object]]) -> None:
        size = len(embedded_json(sentences))
        if size > GIANT_CHARACTERS or self.room <= 0:
            self._page(number, sentences)
            return
        self.held[number] = sentences
        self.room -= size
        if self.room <= 0 or len(self.held) > INLINE_ARTICLES:
            self.room = 0
            for held, text in self.held.items():
                self._page(held, text)
            self.held.clear()

    def _page(self, number: int, sentences: list[list[object]]) -> None:
        names = self.speakers.names
        head = self.heads[number]
        said = {str(s): names[s] for s in head["sp"]}  # type: ignore[attr-defined]
        head["p"] = self.pages.write(number, {"head": head, "s": sentences, "speakers": said})

    def data(self, meta: ReportMeta) -> Json:
        for number, sentences in self.held.items():
            self.heads[number]["s"] = sentences
        model = meta.model or ", ".join(name for name, _ in self.aggregate.models.most_common(3)) or None
        return {
            "codebook": codebook_payload(self.roles.codebook),
            "meta": {**meta.model_dump(), "model": model},
            **self.aggregate.result(set(self.held)),
            "speakers": self.speakers.names,
            "articles": self.heads,
            "network": page_networks(self.networks),
        }


class _Pages:
    """Writes article pages into a folder that takes its final name only when the report is done."""

    def __init__(self, output: Path, codebook: Codebook) -> None:
        self.folder = output.with_name(f"{output.stem}_files")
        self.count = 0
        self._report = output.name
        self._codebook = codebook
        self._beside = self.folder.with_name(self.folder.name + ".part")
        if self.folder.exists() and not (self.folder / SHARED_STYLE).is_file():
            raise DataError(f"{self.folder}: in the way and not a report's folder; move it or choose another --output")
        self.discard()

    def write(self, number: int, data: Json) -> str:
        """Write one page; return its address relative to the report."""
        if self.count == 0:
            self._beside.mkdir(parents=True)
            for name, text in shared_files(self._codebook).items():
                (self._beside / name).write_text(text, encoding="utf-8")
        self.count += 1
        name = f"article-{number:06d}.html"
        page = article_page(str(data["head"]["t"]), self._codebook.language, f"../{self._report}", data)  # type: ignore[index]
        (self._beside / name).write_text(page, encoding="utf-8")
        return f"{self.folder.name}/{name}"

    def publish(self) -> None:
        """Put the pages in the place of an earlier report's."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        if self.count:
            self._beside.replace(self.folder)

    def discard(self) -> None:
        """Remove what was not published."""
        shutil.rmtree(self._beside, ignore_errors=True)
