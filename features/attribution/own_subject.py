"""Whom a sentence's own subject means, and a pronoun that takes it up again."""

from stancewire.features.attribution.entities import Entity
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.judgement import Hit, named_beside, self_named
from stancewire.features.attribution.lexicon import AUX, BE, CAP, CONJ, MARK, POSS, PREP, QUOTE, SUB
from stancewire.features.attribution.lines import Line
from stancewire.features.attribution.nouns import is_seated_noun
from stancewire.features.attribution.phrases import Phrase, phrase_right
from stancewire.features.attribution.ranks import MAIN, TAIL
from stancewire.features.attribution.resolve import Resolver
from stancewire.features.attribution.segments import segment_start, trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import clause_subject


def subject_entity(frame: Frame, resolver: Resolver) -> Entity | None:
    """Return whom the subject of a sentence's main clause means, or None."""
    phrase = clause_subject(frame)
    source = read_source(frame, trim(frame, phrase)) if phrase else None
    if source is not None and source.kind == "pronoun" and frame.lows[:2] == ["as", "for"]:
        topic = phrase_right(frame, 2)  # "As for Keller, she is tired."
        source = read_source(frame, trim(frame, topic)) if topic is not None else None
    source = _for_whom(frame, source) or source
    if source is not None and source.kind == "people" and not source.plural and self_named(frame, source.phrase[1]):
        return resolver.resolve(frame, source)  # "A man who gave his name only as V. rowed out."
    if source is not None and source.kind in ("people", "office") and source.plural and _acts(frame, source):
        return resolver.resolve(frame, source)
    if source is None or source.kind not in ("person", "name", "body", "office"):
        return None
    alone = source.mention[0] == 0 and not any(frame.tags[at] & CAP for at in range(1, source.mention[1] + 1))
    shouted = frame.words[0].isupper() and len(frame.words[0]) > 2
    if source.kind in ("name", "person") and alone and not (shouted or resolver.knows(frame.words[0])):
        return None  # "Ice followed", "Exchanges of fire followed": a capital at a sentence's beginning makes no name
    return resolver.resolve(frame, named_beside(frame, source))


def _acts(frame: Frame, source: Source) -> bool:
    """ "Activists posted pictures", "Two nurses fled": people who do what the sentence tells, to whom nothing was done."""
    verb = source.phrase[1] + 1
    return (
        source.phrase[0] == 0 and verb < len(frame) and not frame.tags[verb] & (BE | AUX | MARK | CONJ | PREP | QUOTE)
    )


def _for_whom(frame: Frame, subject: Source | None) -> Source | None:
    """ "For Keller, a gunner, the day starts early.": whom such a sentence is about, where ``subject`` is no other person."""
    topic = phrase_right(frame, 1) if frame.lows[:1] == ["for"] else None
    if topic is None or frame.words[topic[1] + 1 : topic[1] + 2] != [","]:
        return None
    beside = subject is None or subject.kind == "thing" or subject.phrase[0] <= topic[1] + 3
    named = read_source(frame, trim(frame, topic)) if beside else None
    return named if named is not None and named.kind in ("person", "name") else None


def own_subject(line: Line, hit: Hit, previous: Line | None, resolver: Resolver) -> Entity | None:
    """ "The coalition weighs every strike, it said": a pronoun behind its content means the subject of that content."""
    source = hit.source
    if source.kind == "body":
        return _own_body(line, hit, resolver)
    if hit.rule == "opinion_of" and line.frame.lows[source.mention[0] + 1 : source.mention[0] + 2] == ["own"]:
        return subject_entity(line.frame, resolver)  # "By its own account, the army lost a ship"
    if source.kind != "pronoun" or source.head not in ("it", "he", "she", "they"):
        return None
    if hit.rule == "aside" or source.head == "they":
        subject = subject_entity(line.frame, resolver) if hit.rule == "aside" else None
        return subject if subject is None or source.head != "they" or subject.plural else None
    spoken = hit.rank in (TAIL, MAIN) or hit.rule == "subject"
    begun = spoken and source.head != "it" and _own_clause(line.frame, source.mention[0])
    if not begun and (hit.rank != TAIL or line.frame.quotes):
        return None
    phrase = clause_subject(line.frame)
    if phrase is None or _cuts_in(line.frame, phrase, source) or _is_of(line.frame, phrase[0], source):
        return None  # "Turkey, it said, had fired" and "Its police would stay, it said" mean somebody else
    subject = subject_entity(line.frame, resolver)
    where = source.mention[0] and line.frame.lows[source.mention[0] - 1] == "where"
    # "The council met Jan Keller in Oslo, where he said", "It fell to Jan Keller to tell them: the road, he said, …"
    if (where and (subject is None or subject.kind == "body")) or (
        subject is None and begun and line.frame.lows[phrase[0]] in ("it", "there")
    ):
        subject = resolver.memory.only_person()
    if subject is None or subject.plural:
        return None
    body = resolver.memory.is_body(subject) or subject.kind == "body"
    if begun and not body and subject.kind in ("person", "name") and subject.gender in ("", source.head):
        return subject
    if hit.rank != TAIL or line.frame.quotes:
        return None
    if source.head == "it":
        return subject if body else None
    other = None if previous is None else previous.entity
    alone = other is None or (subject.since == resolver.memory.at and not resolver.pronouns.fits(other, source.head))
    return subject if alone and not body and subject.kind in ("person", "name", "office") else None


def _own_body(line: Line, hit: Hit, resolver: Resolver) -> Entity | None:
    """ "UNIFIL has left seven posts, the force said": a noun for a group, behind its content, means the group that acts there."""
    frame, source = line.frame, hit.source
    bare = source.mention[0] == source.mention[1] == source.phrase[1] and frame.lows[source.phrase[0]] == "the"
    if not bare or hit.rank != TAIL or frame.quotes or not is_seated_noun(frame.lows[source.mention[0]]):
        return None
    subject = subject_entity(frame, resolver)
    if subject is None or any(word.islower() for word in subject.name.split()):
        return None
    state = resolver.actors.state_of(subject.name)
    return subject if state is None and resolver.memory.is_body(subject) else None


def _cuts_in(frame: Frame, subject: Phrase, pronoun: Source) -> bool:
    """ "Turkey, it said, had fired", "The bloc led by Oslo, it said, had fired": a pronoun before the clause has its verb."""
    behind, at = subject[1] + 1, pronoun.mention[0] - 1
    if frame.words[at] != ",":
        return False
    return behind == at or (
        frame.lows[behind + 1] == "by" and not any(tag & (BE | AUX) for tag in frame.tags[behind + 1 : at])
    )


def _is_of(frame: Frame, at: int, pronoun: Source) -> bool:
    """ "Its police would stay, it said": tell whether a possessive at item ``at`` may mean whom the pronoun means."""
    other = {"his": "she", "her": "he"}.get(frame.lows[at])
    return bool(frame.tags[at] & POSS) and pronoun.head != other  # "His wife Oksana had fled; she says …"


def _own_clause(frame: Frame, at: int) -> bool:
    """Tell whether a pronoun opens a further clause of its sentence, or follows a colon ("Keller carried a list, and
    he said …", "Keller gave a reason: the road, he said, …")."""
    before = frame.words[at - 1] if at else ""
    joined = frame.lows[at - 1] in ("and", "but", "although", "though") if at else False
    if at > 1 and frame.lows[at - 1] == "where" and frame.words[at - 2] == ",":
        return True  # "Keller flew to Oslo, where he said …"
    if at > 2 and frame.lows[at - 2 : at] == ["in", "which"]:
        return True  # "Keller posted a video in which he said …"
    if before == "," and at > 2:
        begin = segment_start(frame, at - 2)  # "Keller came through, and when we met her, she said …"
        if frame.tags[begin] & CONJ and frame.tags[begin + 1] & SUB and begin and frame.words[begin - 1] == ",":
            return True
    return before in (";", "—") or (joined and at > 1 and frame.words[at - 2] == ",") or ":" in frame.words[:at]
