"""The side that a source speaks for, from what is known of it and from the words that the text describes it by."""

import re

from stancewire.data.actors import Actors, Clue, fold

# "Turkish-backed rebels" speak for the rebels.
_SPONSOR = re.compile(r"\b[\w.]+[-‑](?:backed|allied|linked|held|born|made|educated|trained|supported|controlled|aligned|supplied|funded|occupied|based)\b")
_PURPOSE = re.compile(r"\b(?:fighting|battling|against|to|on|in|at|from|near|with)\b")


def group_of(actors: Actors, name: str, description: str) -> str | None:
    """Return the group of the source called ``name``, described as ``description``; None where nothing tells.

    A known actor's own group comes first; then an occupation that decides whatever the nationality (an analyst, a resident); then
    a party or cause (rebels); then the first state or body named.
    """
    known = actors.find(name) if " " in name else actors.find_last(name)
    if known is not None:
        return known[1].group
    clues = actors.clues(_SPONSOR.sub(" ", f"{description} {name}" if description else name))
    return decide(clues)


def decide(clues: list[Clue]) -> str | None:
    """Weigh clues as ``group_of`` says."""
    roles = [clue for clue in clues if clue.kind == "role"]
    terms = [clue for clue in clues if clue.kind == "term"]
    states = [clue for clue in clues if clue.kind == "state"]
    if terms and (not states or terms[0].at <= states[0].at or len(terms[0].words) > 1):
        return terms[0].group if not roles or terms[0].at < roles[0].at else roles[0].group
    if roles:
        return roles[0].group
    if terms and states and fold(states[0].group) != terms[0].group:
        return terms[0].group if states[0].at + 1 == terms[0].at else states[0].group
    return states[0].group if states else None
