"""What stands around a name and is, or is not, part of it: a peer's title, letters behind it, a rank's class, a portfolio."""

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import BODY, CAP, CLITIC, CONJ, DET, NEWS, NUM, OFFICE, PREP
from stancewire.features.attribution.phrases import Phrase
from stancewire.features.attribution.tokens import words

_PEERAGES = words("lord lady baron baroness viscount viscountess")
# What stands behind a name.
_LETTERS = words("MP MPs MEP MSP MLA TD QC KC SC OBE MBE CBE KCB DSO MD PhD")
# Last words of what an office is for.
PORTFOLIOS = words(
    "affairs policy trade development security defence defense justice health finance education energy relations cooperation "
    "integration reconciliation migration agriculture transport industry commerce investment diaspora rights refugees"
)
# Least words behind an office: "for Foreign Affairs Jan Keller".
_LEAST = 4


def with_peerage(frame: Frame, start: int, name: Phrase) -> Phrase:
    """ "Baroness Voss", "Lord Keller": a peer has no other name, so that the title stays."""
    before = name[0] - 1
    lone = name[0] == name[1] and before >= start and frame.tags[before] & CAP and frame.lows[before] in _PEERAGES
    return (before, name[1]) if lone else name


def without_class(frame: Frame, name: Phrase) -> Phrase:
    """ "Sergeant First Class Jan Keller": the name without the class of a rank."""
    first, last = name
    return (first + (last > first and frame.lows[first] == "class"), last)


def without_letters(frame: Frame, start: int, end: int) -> int:
    """ "Ida Voss MP": return the last item of a phrase without the letters behind a full name."""
    last = end
    while last - start > 1 and frame.words[last] in _LETTERS:
        last -= 1
    named = all(frame.tags[at] & CAP and not frame.tags[at] & (OFFICE | BODY | NEWS) for at in (last - 1, last))
    return last if named else end


def names_behind_portfolio(frame: Frame, head: int, end: int) -> bool:
    """ "Minister for Foreign Affairs and Trade Jan Keller": tell whether a phrase ends in a name behind what an office is for."""
    field = range(head + 2, end - 1)
    if not frame.tags[head] & OFFICE or end - head <= _LEAST or frame.lows[end - 2] not in PORTFOLIOS:
        return False
    named = all(
        frame.tags[at] & CAP and not frame.tags[at] & (CLITIC | NUM | NEWS | OFFICE | CONJ | PREP | BODY)
        for at in (end - 1, end)
    )
    small = all(frame.tags[at] & (CAP | CONJ | PREP | DET) or frame.words[at] == "," for at in field)
    return named and small
