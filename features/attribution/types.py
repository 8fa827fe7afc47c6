"""What attribution finds out about one sentence."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is the source of one attributed sentence.

    ``sentence`` is the sentence's index in the article. Offsets are code points in the sentence's part (title or body), end
    exclusive. ``speaker`` is the resolved name, ``mention`` what this sentence calls it (None in a quotation that runs on).
    ``group`` is the value of the codebook's group task, or None where rules cannot tell. ``quotation`` is a value of the
    codebook's quotation task. ``rule`` names the construction that fired.
    """

    sentence: int
    speaker: str
    mention: str | None
    mention_span: Span | None
    group: str | None
    quotation: str
    content: tuple[Span, ...]
    cue: Span | None
    rule: str
