"""What is let in to be annotated: each article is checked, looked up and compared with earlier ones, in order.

This stage is sequential and cheap on purpose: whether an article is new, and which one it repeats, is decided here by
the order of the input, so that it cannot depend on how many machines annotate behind it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from stancewire.data.article import Article
from stancewire.data.errors import ConfigError
from stancewire.data.language import foreign
from stancewire.data.rejects import Reason, Reject


class Admitted(NamedTuple):
    """An article to annotate, and the id of the earlier article that it repeats."""

    article: Article
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What is let in. ``language`` is the model's (ISO 639-1; None: do not look); lengths are in code points.

    ``since`` keeps what was published then or later, and what does not say; ``limit`` ends the run after so many
    articles.
    """

    language: str | None = None
    min_chars: int = 0
    max_chars: int = 1_000_000
    since: datetime | None = None
    limit: int | None = None


class Intake:
    """Admits articles; ``counts`` says how many it passed over as ``known``, ``old``, or admitted as ``duplicates``.

    ``pending`` tells whether an article is still to be annotated, ``duplicate_of`` which earlier one it repeats, and
    ``reject`` takes what is left out; all are asked in the order of the input, from the thread that iterates.
    """

    def __init__(
        self,
        options: IntakeOptions,
        reject: Callable[[Reject], None],
        pending: Callable[[Article], bool],
        duplicate_of: Callable[[Article], str | None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._options = options
        self._reject = reject
        self._pending = pending
        self._duplicate_of = duplicate_of

    def admit(self, items: Iterable[Article | Reject]) -> Iterator[Admitted]:
        """Yield the articles to annotate."""
        limit = self._options.limit
        if limit == 0:
            return
        admitted = 0
        for item in items:
            refused = item if isinstance(item, Reject) else self._refused(item)
            if refused is not None:
                self._reject(refused)
                continue
            assert isinstance(item, Article)
            if not self._wanted(item):
                continue
            original = self._duplicate_of(item)
            self.counts["duplicates"] += original is not None
            yield Admitted(item, original)
            admitted += 1
            if admitted == limit:
                return

    def _wanted(self, article: Article) -> bool:
        since = self._options.since
        published = moment(article.published) if since else None
        if since and published and published < since:
            self.counts["old"] += 1
            return False
        if not self._pending(article):
            self.counts["known"] += 1
            return False
        return True

    def _refused(self, article: Article) -> Reject | None:
        length = len(article.text.strip())
        least, most = self._options.min_chars, self._options.max_chars
        if length == 0:
            return _reject(article, Reason.NO_TEXT, "the text is blank")
        if length < least:
            return _reject(article, Reason.TOO_SHORT, f"{length} characters, expected {least} or more")
        if length > most:
            return _reject(article, Reason.TOO_LONG, f"{length:,} characters, expected {most:,} at most")
        if self._options.language and (found := foreign(article.text, self._options.language)):
            return _reject(article, Reason.LANGUAGE, f"found {found!r}, the model knows {self._options.language!r}")
        return None


def moment(text: str | None) -> datetime | None:
    """Return an ISO 8601 date or time, UTC where it names no zone; None where it is none."""
    try:
        found = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moment_given(option: str, text: str) -> datetime:
    """Return the date or time that an option gives; ConfigError if it is none."""
    found = moment(text)
    if found is None:
        raise ConfigError(f"{option} {text!r}: expected a date or time in ISO 8601, for example 2026-02-24")
    return found


def _reject(article: Article, reason: Reason, detail: str) -> Reject:
    return Reject(reason, detail, article.url or article.source or article.id, article.id)
