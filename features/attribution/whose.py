"""Whose an office or a name is, where the words of the source itself do not tell: from headings, the text around, the article."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.tokens import words

_BODIES = {
    "alliance": (
        ("NATO", re.compile(r"\bN(?:ATO|ato|orth Atlantic)\b")),
        ("CSTO", re.compile(r"\bC(?:STO|ollective Security)\b")),
    ),
    "bloc": (
        ("EU", re.compile(r"\bE(?:U|\.U\.|uropean Union)(?!\w)")),
        ("CSTO", re.compile(r"\bC(?:STO|ollective Security)\b")),
        ("ECOWAS", re.compile(r"\b(?:E(?:COWAS|cowas|conomic Community)|SADC|African Union|Eurasian Economic)\b")),
    ),
}
_MEANT = re.compile(r"(?:[Tt]he |[Aa]n? |[Oo]ne of the )?(?:\w+ )?(alliance|bloc)(?:['’]s)? ?(?!of\b)")
_MINISTRY = re.compile(
    r"\b([A-Z][\w.]{1,40})(?:['’]s?)? (?:(?:deputy|new|first|former|acting) )?"
    r"([Ff]oreign|[Ii]nterior|[Dd]efen[cs]e|[Ff]inance|[Ee]nergy|[Hh]ealth) (?:[Mm]inist(?:er|ry)\b)"
)
_SOURCES = re.compile(
    r"(?:(?:field|local|informed|well-informed|well-placed|knowledgeable|private|special|unnamed|anonymous|several|"
    r"multiple|other|two|three|some|reliable|exclusive) )*sources",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z][\w’'-]*")
_INTRODUCES = 7  # words before a name that may tell who it is
_SENTENCE = 2000  # code points of a sentence
_SENTENCES = 3  # that name somebody and are looked at
_BREAK = re.compile(
    r"[.;:!?()\"“”„«»]|,(?! *$)|\b(?:and|but|that|while|when|after|before|by|to|from|told|with|said|says"
    r"|in|on|at|is|was|are|were|as|which|who)\b"
)
_HEADS = words("minister ministry envoy ambassador spokesman spokeswoman official officials army military")


def bodies_of(actors: Actors, texts: Sequence[str]) -> dict[str, str]:
    """Return the group of the body that "the alliance" and "the bloc" mean in an article, where it names one such body only."""
    found: dict[str, str] = {}
    for noun, bodies in _BODIES.items():
        named = [body for body, written in bodies if any(written.search(text) for text in texts)]
        group = next((clue.group for clue in actors.clues(named[0])), None) if len(named) == 1 else None
        if group is not None:
            found[noun] = group
    return found


def meant_by(name: str, descriptions: Sequence[str], bodies: Mapping[str, str]) -> str | None:
    """Return the group of the body that "the alliance's spokeswoman" or "a bloc official" speaks for, by ``bodies_of``."""
    nouns = (found[1] for called in (name, *descriptions) if (found := _MEANT.match(called)) is not None)
    return next((bodies[noun] for noun in nouns if noun in bodies), None)


def ministries_of(actors: Actors, texts: Iterable[str]) -> dict[str, str]:
    """Return department → group, where an article names one group's only ("an Israeli foreign minister")."""
    owners: dict[str, set[str]] = {}
    for text in texts:
        for found in _MINISTRY.finditer(text):
            state = actors.nation_of(found[1])
            if state is not None:
                owners.setdefault(found[2].lower().replace("defense", "defence"), set()).add(actors.states[state].group)
    return {department: next(iter(groups)) for department, groups in owners.items() if len(groups) == 1}


def is_nobody(name: str) -> bool:
    """Tell whether a source is "sources", of whom nothing is told."""
    return _SOURCES.fullmatch(name) is not None


class Introductions:
    """Where an article names whom: sentences by the last word of a name. Built once, linear in the text."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._texts: dict[str, list[str]] = {}
        for text in sentences:
            for word in set(_NAME.findall(text)):
                kept = self._texts.setdefault(word, [])
                if len(kept) < _SENTENCES:
                    kept.append(text[:_SENTENCE])

    def of(self, name: str) -> list[str]:
        """Return the words that stand right before a full name ("the UN's relief coordinator, Marta Berg"), by sentence."""
        if " " not in name:
            return []
        found = []
        for text in self._texts.get(name.split()[-1], ()):
            at = text.find(name)
            before = _BREAK.split(text[:at])[-1] if at > 0 else ""
            if before.rstrip().endswith(",") and text[at + len(name) :][:1] not in (",", "."):
                continue  # ", NAME said": a clause stands before
            if before.strip(" ,"):
                found.append(" ".join(before.strip(" ,").split()[-_INTRODUCES:]))
        return found


def below(name: str, kind: str, body: Collection[tuple[str, str, Sequence[str]]]) -> int | None:
    """Return the place in ``body`` (names, kinds and descriptions of the sources that the text itself names) of the one whom
    a heading's source is: who bears its last name, or its office; else the first, for an office that nothing tells more of."""
    if kind in ("name", "person"):
        last = fold(name).split()[-1]
        return next(
            (
                at
                for at, (other, of, _) in enumerate(body)
                if of in ("name", "person") and fold(other).split()[-1] == last
            ),
            None,
        )
    head = fold(name).split()[-1]
    for at, (other, _, descriptions) in enumerate(body):
        if any(head in fold(called).split() for called in (other, *descriptions)):
            return at
    return 0 if body and head in _HEADS else None
