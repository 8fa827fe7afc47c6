"""The side that a source speaks for, from what is known of it and from the words that the text describes it by."""

import re
from collections.abc import Sequence, Set

from stancewire.data.actors import Actors, Clue
from stancewire.features.attribution.tokens import words

# "Turkish-backed rebels" speak for the rebels.
_SPONSOR = re.compile(
    r"\b[\w.]{1,40}[-‑](?:backed|allied|linked|held|born|made|educated|trained|supported|controlled|aligned|supplied|funded|occupied|based|recognised|recognized|sponsored|brokered)\b"
)
_RUN_BY = re.compile(r"[-‑](run|led|affiliated|appointed|aligned|installed)\b")
# Who calls himself a minister is none of the state's that he left.
_BREAKAWAY = re.compile(
    r"\b(?:[A-Z]\w+(?:['’]s)? )?(?:breakaway|self-(?:styled|proclaimed|declared)|unrecogni[sz]ed"
    r"|[Dd]e facto(?= (?:authorit|republic|govern|administr|state|foreign|interior|deputy|minister|prime)))\b"
    r"(?= \w+)(?! (?:Libyan|Syrian|caliphate|emirate))"
)
_RANKS = r"(?:general|colonel|brigadier|admiral|officer|diplomat|major|lieutenant|ambassador|captain|commander)"
_RETIRED = re.compile(
    rf"\b([Rr]etired) (?:[A-Z][\w.]+ )?(?:[Aa]rmy |[Nn]avy |[Nn]aval |[Mm]arine |[Aa]ir [Ff]orce )?(?={_RANKS}\b)"
)
_IN_SERVICE = re.compile(rf"\b(?:[Rr]etired|[Ff]ormer) [\w ]{{0,40}}{_RANKS} who (?:now )?(?:sits|serves)\b")
# A private trade or a later profession, whatever the state that is named with it.
_PRIVATE = re.compile(
    r"\bwho (?:now )?(?:runs|owns|keeps|manages|started) (?:a|an|the|his|her|one of)\b[^,]*\b(?:shop|store|brokerage|bakery|"
    r"farm|hotel|firm|company|restaurant|caf[eé]|garage|business|kiosk|stall|guesthouse|workshop|factory|mill|consultancy|website|blog)\b"
    r"|\b(?:[Ff]ormer|[Rr]etired|[Ee]x-)[^,]*\b(?:who|and) "
    r"(?:now )?(?:advises(?! the (?:\w+ )?(?:army|government|ministry|president|military|navy))|teaches|lectures|consults"
    r"|writes|researches)\b"
    r"|\b(?:[Ff]orum|[Ii]nstitute|[Cc]enter|[Cc]entre|[Uu]niversity|[Ff]und)[’']s "
    r"[A-Z]\w+ (?:program(?:me)?|project|studies|unit)\b"
    r"|\((?:res|retd?)\.\)"
    r"|\bwho [^,]*\band now (?:writes|teaches|lectures|advises|consults)\b"
    r"|\b(?:[Ff]ormer|[Rr]etired|[Ee]x-)[^,]*\bnow (?:a |an )?(?:\w+ ){0,3}(?:at|with|of|for) (?:the |a |an )?[^,]*"
    r"\b(?:[Cc]ent(?:er|re)|[Ii]nstitut\w*|[Uu]niversity|[Cc]ollege|[Cc]ouncil|[Ff]oundation|[Ff]und|"
    r"[Ss]chool|[Tt]hink[ -]tank)\b"
)
# A counterpart's state is not one's own.
_COUNTERPART = re.compile(r",? and (?:his|her|their) [\w-]+(?: [\w-]+)? counterparts?\b")
# What a source has said tells nothing of whose it is.
_SAYING = re.compile(
    r"(?:which|who|that) (?:(?:has|have|had|also|later) )*(?:said|says?|told|tells?|reported|reports|wrote|quoted|cited)\b"
)
_PERIODICAL = re.compile(r"\b(?:weekly|monthly|fortnightly)(?: [A-Z][\w’'-]*){0,3}$")
_RETINUE = re.compile(
    r"(.+?)(?:['’]s?)? (?:administration|aides?|ally|allies|advis[eo]rs?|camp|spokes(?:man|woman|person))$"
)
# An officer in service is his state's, whatever else he is called.
_COMMISSION = re.compile(
    r"(?:(?:Maj|Lt|Brig|Col|Capt|Sgt|Gen|Adm|Cmdr|Rear|Vice|Major|Lieutenant|Brigadier|Colonel|Captain|Commander|General|Admiral"
    r"|Sergeant|Senior)\.?[ -]?)+(?:Gen\.?|Adm\.?|Col\.?)?"
)
# Of which region somebody is tells less than a trade: "Western analysts", "a Kurdish doctor".
_REGIONAL = words("western european kurdish abkhaz abkhazian ossetian transnistrian karabakh")
# Serving officers keep shops too.
_SERVES = re.compile(
    r"(?:an? |the )?(?:[A-Z][\w.]+ )?(?:army |navy |air force )?"
    r"(?:soldier|sergeant|officer|colonel|general|captain|major|minister|lawmaker)\b"
)
# Who says so of himself alone is a separatist too.
_STYLED = re.compile(r"\bwho (?:styles?|calls?|proclaim(?:s|ed)|declared?) (?:himself|herself|themselves)\b")
# Where somebody is sent, was born or what he works on is not whose he is.
_ELSEWHERE = re.compile(
    r"\b(?:[Aa]mbassador|[Ee]nvoy|[Dd]elegation|[Vv]isit|[Tt]rip|[Aa]ttach[eé]|[Ee]missary)"
    r"(?P<to>s? to (?:the )?[A-Z]\w+(?: [A-Z]\w+)*)"
    r"|\bborn in [A-Z]\w+|\bwho (?:has )?(?:worked|works|writes|focuses|focused|specialises|specializes) on (?:the )?[A-Z]\w+"
)
# "A lawmaker and former nurse", "the media wing of the front": what was before, and through whom it speaks, tells nothing.
_PASSING = re.compile(
    r"(?: and| who is)(?: an?)? (?:former|retired|one-time|onetime) .*$"
    r"|\b[Mm]edia (?:wing|arm|office|department|cent(?:er|re)) of "
)
_CONGRESS = re.compile(r"\b[RD]-(?=[A-Z])")  # "R-Ohio"
# "Its U.N. envoy" is not the United Nations'.
_ITS_UN = re.compile(r"^(?:[Ii]ts|[Tt]heir|his country's) (?:[\w-]+ )*?(?:U\.?N\.?|United Nations) ")
_UNIT = re.compile(
    r"\b\d+(?:st|nd|rd|th)\b[\w -]{0,40}\b(?:[Bb]rigade|[Bb]attalion|[Rr]egiment|[Dd]ivision|[Cc]ompany)\b"
)
# A ministry's charge is not who runs it ("the Department of Migrant Workers").
_DEPARTMENT = re.compile(r"\b(?:Ministry|Department|Directorate|Secretariat|Bureau) (?:of|for) ")
# A state's own council, not that of the United Nations.
_OWN_COUNCIL = re.compile(r"\b([Ii]ts|his country's|the country's|[Ss]upreme) ([Nn]ational )?[Ss]ecurity [Cc]ouncil\b")
_OF_BODY = re.compile(
    r"\b(?:ministry|department|government|army|navy|presidency|parliament|embassy)[’']s ", re.IGNORECASE
)
_FORMER = re.compile(r"\b[Ee]x-(?=\w)")
_POSSESSIVE = re.compile(r"['’]s?\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_POLITICS = words(
    "opposition parliament parliamentary deputies lawmaker lawmakers mp mps senator senators politician party bloc"
)
_LOCAL = words("mayor mayors municipality police policeman policemen")
_GOVERNORS = _LOCAL | words("governor governors governorate")
_NEARBY = words("local regional provincial")
_LOCAL_OFFICES = words(
    "governor official officials authorities administration council councillor government elected prosecutor prosecutors"
)
_SETTLEMENTS = words("district town city village municipal county oblast")
_SETTLEMENT_OFFICES = _LOCAL_OFFICES | words("head chief chairman deputy board prefect")
_REBELLIOUS = words("activist activists fighter fighters commander commanders media monitor monitors observatory")
_MINISTERIAL = words("minister ministers ministry ministries")
_DEPARTMENTS = words("foreign interior finance energy economy health justice transport agriculture defense defence")
_STATE_MEDIA = frozenset(["state", "state-run", "state-owned", "state-controlled", "official", "government", "army"])


def foreign_causes(actors: Actors, named: Set[str], texts: Sequence[str]) -> frozenset[str]:
    """Return the causes of states that an article does not name, ``named`` being those it names, nor a place of theirs: "the
    rebels" of another war are not theirs. A state's own opposition is the first of its ``yields_to``."""
    tied = {state.yields_to[0]: name for name, state in actors.states.items() if state.yields_to}
    return frozenset(
        group
        for group, state in tied.items()
        if state not in named and not any(actors.names_place(state, text) for text in texts)
    )


def is_common(actors: Actors, text: str) -> bool:
    """Tell whether ``text`` hints at a side by common words ("rebels") first, and by no name of that side."""
    clues = [clue for clue in actors.clues(plain(text)) if clue.kind != "role"]
    if not clues or clues[0].kind != "term":
        return False
    hints = {" ".join(clue.words) for clue in clues if clue.group == clues[0].group}
    words_of = _POSSESSIVE.sub("", text).split()
    return hints <= {*words_of, words_of[0].lower()}  # a sentence or a headline begins with a capital


def in_politics(name: str, descriptions: Sequence[str]) -> bool:
    """Tell whether a source is of a parliament's opposition ("opposition deputies") rather than of an armed one."""
    found = [set(_LETTERS.findall(text.lower())) for text in (name, *descriptions)]
    return any(low & _POLITICS for low in found) and not any(low & _REBELLIOUS for low in found)


def holds_local_office(name: str, descriptions: Sequence[str]) -> bool:
    """Tell whether a source is an authority of the place that an article is written from ("the regional governor")."""
    for text in (name, *descriptions):
        low = set(_LETTERS.findall(text.lower()))
        if (
            low & _LOCAL
            or (low & _NEARBY and low & _LOCAL_OFFICES)
            or (low & _SETTLEMENTS and low & _SETTLEMENT_OFFICES)
        ):
            return True
    return False


def governs(actors: Actors, name: str, descriptions: Sequence[str]) -> str | None:
    """Return the group of the state in whose place a source holds office ("the governor of Tartus"), or None."""
    for text in (name, *descriptions):
        if not _GOVERNORS.isdisjoint(_LETTERS.findall(text.lower())):
            for state, entry in actors.states.items():
                if actors.names_place(state, text):
                    return entry.group
    return None


def department_of(name: str, descriptions: Sequence[str]) -> str | None:
    """Return the department that a minister or a ministry heads ("foreign", "defense"), or None."""
    for text in (name, *descriptions):
        low = _LETTERS.findall(text.lower())
        found = next((word for word in low if word in _DEPARTMENTS), None)
        if found is not None and not _MINISTERIAL.isdisjoint(low):
            return "defence" if found == "defense" else found
    return None


def group_of(actors: Actors, name: str, descriptions: Sequence[str], personal: bool, news: bool) -> str | None:
    """Return the group of the source called ``name``; None where nothing tells.

    A known actor's own group comes first, then what the source is called (``personal``: a person's own name tells
    nothing), then what the text says it is. ``news`` tells that it is a news organisation.
    """
    known = actors.find(name) if " " in name else actors.find_last(name)
    if known is None and (retinue := _RETINUE.fullmatch(name)) is not None:
        known = actors.find_last(retinue[1])  # "the Obama administration", "an Assad aide"
    if known is not None:
        return known[1].group
    if not personal:
        group = decide(actors, plain(name))
        if group is not None:
            return group
    serves = is_commissioned(descriptions)
    for description in sorted(descriptions, key=_is_of_others):
        if _SAYING.match(description):
            continue
        if actors.media is not None and _PRIVATE.search(description) and not _SERVES.match(description):
            return actors.media
        if _PERIODICAL.search(description) and actors.media is not None:
            return actors.media
        group = decide(actors, plain(description))
        if group is not None and not (serves and group == actors.media):
            return group
    return actors.media if news else None


def is_commissioned(descriptions: Sequence[str]) -> bool:
    """Tell whether a source bears a military rank ("Maj. Gen.") and is not retired."""
    return any(_COMMISSION.fullmatch(description) for description in descriptions)


def _is_of_others(description: str) -> bool:
    """Tell whether a description is of what belongs to a source ("whose stringer in Bamako …"): it tells less than any other."""
    return description.startswith("whose ")


def plain(text: str) -> str:
    """Return ``text`` without sponsors, and with "rebel-run" as two words; whoever broke away from a state is a separatist."""
    text = _PASSING.sub(
        "", _CONGRESS.sub("Congress ", _ITS_UN.sub(" ", _ELSEWHERE.sub(_post, _COUNTERPART.sub("", text))))
    )
    text = _BREAKAWAY.sub(
        "separatist", _STYLED.sub("separatist", _IN_SERVICE.sub("who serves", _RETIRED.sub(r"\1 ", text)))
    )
    return _OWN_COUNCIL.sub(" ", _FORMER.sub("", _RUN_BY.sub(r" \1", _SPONSOR.sub(" ", text))))


def _post(found: re.Match[str]) -> str:
    """Return what is left of a post abroad: the office, without the place."""
    return found[0][: -len(found["to"])] if found["to"] else ""


def decide(actors: Actors, text: str) -> str | None:
    """Weigh the clues of ``text``: an occupation decides whatever the nationality ("Russian analyst"); a cause
    outweighs the state that yields to it ("Syrian rebels"); else the first state or body named."""
    clues = actors.clues(text)
    if not clues:
        return None
    first = clues[0]
    servant = (first.kind == "state" and _OF_BODY.search(text) is not None) or bool(
        _DEPARTMENT.search(text) or _UNIT.search(text)
    )
    role = next((clue for clue in clues if clue.kind == "role"), None) if not servant else None
    if role is not None and not _is_state_medium(text, role, clues):
        later = next(
            (clue for clue in clues if clue.kind == "term" and clue.at < role.at and clue.words[0] not in _REGIONAL),
            None,
        )
        return role.group if later is None else later.group
    if first.kind == "state" and first.state is not None:
        yields_to = actors.states[first.state].yields_to
        stronger = next((clue for clue in clues if clue.kind == "term" and clue.group in yields_to), None)
        if stronger is not None:
            return stronger.group
    sides = [clue for clue in clues if clue.kind != "role"]
    return sides[0].group if sides else None if servant else first.group


def _is_state_medium(text: str, role: Clue, clues: list[Clue]) -> bool:
    """Tell whether a medium speaks for its state ("Syrian state television")."""
    words = set(text.lower().split())
    return (
        bool(words & _STATE_MEDIA)
        and role.words[0] in ("media", "newspaper", "daily", "broadcaster", "magazine")
        and len(clues) > 1
    )
