"""From an article to what a classifier may see of each sentence, and on to the text pair that an encoder reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from stancewire.data.article import Sentence
from stancewire.features.attribution.types import Attribution
from stancewire.features.inputs import SentenceInput
from stancewire.features.marks import with_marks
from stancewire.features.spelling import one_spelling

PREVIOUS = 6
SEPARATOR = " | "
_STRAIGHT = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))


@dataclass(frozen=True, slots=True)
class ContextShape:
    """How much of what precedes a sentence is shown to an encoder, in characters (0 leaves the part out).

    ``title`` cuts the title's end off, ``previous`` the oldest text of the sentences before; ``speaker`` shows who
    attribution found to speak.
    """

    title: int = 100
    previous: int = 220
    speaker: bool = False


def sentence_inputs(
    sentences: Sequence[Sentence],
    title: str | None,
    attributions: Sequence[Attribution],
    targets: Sequence[str | None] | None = None,
) -> list[SentenceInput]:
    """Return one input per sentence of one article, in order; none holds anything that comes after its sentence.

    ``sentences`` are the article's, in reading order; ``attributions`` refer to them by index; ``targets``, where
    given, are as many as the sentences. An article without a title lends its first sentence, which is most often
    the headline, to the later ones.
    """
    found = {item.sentence: item for item in attributions}
    texts = [plain(sentence.text) for sentence in sentences]
    heading = plain(title) if title else None
    inputs = []
    for place, sentence in enumerate(sentences):
        source = found.get(sentence.index)
        inputs.append(
            SentenceInput(
                text=texts[place],
                title=heading or (texts[0] if place else None),
                previous=tuple(texts[max(0, place - PREVIOUS) : place]),
                part=sentence.part,
                position=place,
                speaker=plain(source.speaker) if source else None,
                mention=plain(source.mention) if source and source.mention else None,
                group=source.group if source else None,
                quotation=source.quotation if source else None,
                target=targets[place] if targets else None,
            )
        )
    return inputs


def text_pair(item: SentenceInput, shape: ContextShape) -> tuple[str, str]:
    """Return (context, sentence); the context is empty where nothing precedes the sentence or nothing is wanted.

    A title that is the sentence itself is no context; one among the previous sentences is not repeated.
    """
    parts = []
    if shape.speaker and item.speaker:
        parts.append(item.speaker if not item.group else f"{item.speaker} ({item.group.replace('_', ' ')})")
    if item.target:
        parts.append(item.target)
    if shape.title and item.title and item.title != item.text:
        parts.append(_head(item.title, shape.title))
    previous = [text for text in item.previous if text != item.title]
    if shape.previous and previous:
        parts.append(_tail(" ".join(previous), shape.previous))
    return SEPARATOR.join(parts), item.text


def plain(text: str) -> str:
    """Return the text in one spelling, with single spaces, its “ ” „ ‟ « » ‘ ’ ‚ ‛ straight, broken marks mended.

    Which marks and which spelling an outlet uses says nothing of what its sentences claim, so no classifier gets to see it.
    """
    return one_spelling(with_marks(text)).translate(_STRAIGHT)


def _head(text: str, size: int) -> str:
    """Cut after whole words; one word longer than ``size`` is cut inside."""
    if len(text) <= size:
        return text
    return text[: size + 1].rsplit(" ", 1)[0][:size]


def _tail(text: str, size: int) -> str:
    if len(text) <= size:
        return text
    return text[-size - 1 :].split(" ", 1)[-1][-size:]
