"""Where a sentence names its source: every reporting verb or phrase with its subject, the outermost first."""

from dataclasses import replace

from stancewire.features.attribution.apart import introduced_apart
from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.inversion import inverted
from stancewire.features.attribution.joint import is_title_list, joined_names, listed, paired
from stancewire.features.attribution.judgement import Hit, can_speak, named_beside, named_so, styled
from stancewire.features.attribution.lexicon import (
    ADV,
    AUX,
    BE,
    CAP,
    CLITIC,
    DET,
    ING,
    OFFICE,
    PAST,
    PLAIN,
    PREP,
    PRON,
    REL,
    SAY,
    THIRD,
    VERB,
    Lexicon,
)
from stancewire.features.attribution.means import REFERENCES, refers, speaks_by
from stancewire.features.attribution.participles import participle, relayed, who_tells
from stancewire.features.attribution.passives import agent, gives_words, loses_post, without_purpose
from stancewire.features.attribution.phrasal import (
    according_to,
    as_told_by,
    in_eyes_of,
    opinion_of,
    per_source,
    position_of,
    quoted,
    quoter,
    response_of,
    set_phrase,
)
from stancewire.features.attribution.phrases import Phrase, phrase_right
from stancewire.features.attribution.ranks import LATE, MAIN, TAIL, is_reported, rank_of
from stancewire.features.attribution.segments import is_name_only, trim
from stancewire.features.attribution.sources import Source, read_source
from stancewire.features.attribution.subjects import (
    distant_subject,
    in_main_clause,
    refers_back,
    subject_of,
)
from stancewire.features.attribution.tokens import words
from stancewire.features.attribution.unmarked import unmarked
from stancewire.features.attribution.verbs import SURELY_SAYING, VerbReader

_QUOTING = frozenset(("quoted", "cited", "quoting", "citing", "quotes", "cites"))
_CITING = _QUOTING | REFERENCES
_OPINION = words(
    "judgment judgement opinion view words eyes estimation assessment reckoning telling account count tally "
    "estimate estimates calculation calculations admission"
)
_RESPONSES = words("response reply answer verdict message reaction assessment advice comment")
_NOUNS = (
    _OPINION | _RESPONSES | words("per to for none pains position argument line explanation claim complaint fear hope")
)
_REACTIONS = words("answer reply respond react scoff deny object protest disagree counter retort demur laugh shrug")
_DISMISSALS = words("wave brush shrug laugh play")
_GIVEN = words("issue make express voice raise level")
_NAMELESS = 20  # items between "on condition that …" and the verb
_CITED_FOR = (["for"], ["by"], ["in"], ["him"], ["her"], ["them"])
_WITNESSED = words("heard overheard filmed seen recorded taped")
_SHOWN = words(
    "photo photos photograph photographs video videos footage image images picture pictures list complain complained "
    "showed shown displayed released"
)


class CueFinder:
    """Finds the attributions of frames; holds nothing between them but the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.verbs = VerbReader(lexicon)

    def find(self, frame: Frame, title: bool) -> list[Hit]:
        """Return the hits of a frame, the outermost first."""
        frame.heading = title
        hits: list[Hit] = []
        for at in range(len(frame)):
            hit = self._hit(frame, at, title)
            if hit is not None:
                if hit.rule == "quoting" and (outer := quoter(frame, at)) is not None:
                    hits.append(outer)
                hits.append(hit)
        within = _quoted_from(frame, hits)
        hits = [
            hit for hit in hits if not (within and hit.rank == MAIN and hit.cue[0] > within >= hit.source.phrase[1])
        ]
        tails = [hit for hit in hits if hit.rank == TAIL]
        tails.sort(key=lambda hit: not _is_compared(frame, hit))
        mains = [hit for hit in hits if hit.rank == MAIN]
        late = [hit for hit in hits if hit.rank == LATE]
        _raise_cited(tails, late)
        if (
            hits
            and hits[0].cue == (0, 0)
            and hits[0].rule == "opinion_of"
            and all(hit.source.kind == "pronoun" for hit in hits[1:])
        ):
            return hits
        opens = title and tails and mains and mains[0].source.phrase[0] == 0
        if opens and (tails[-1].lemma in _REACTIONS or mains[0].lemma == "say"):
            return mains + tails[::-1] + late  # "Oslo says hull was cut, Tallinn scoffs"
        if tails and mains and _within_relative(frame, mains[0], tails[-1]):
            return mains + tails[::-1] + late
        return tails[::-1] + mains + late

    def _hit(self, frame: Frame, at: int, title: bool) -> Hit | None:
        """Return the attribution that the word at item ``at`` makes, or None."""
        low, tag = frame.lows[at], frame.tags[at]
        hit = self._noun(frame, at) if low in _NOUNS else None
        if hit is not None:
            return hit
        if low in _CITING:
            hit = _cited(frame, at)
            if hit is not None or low not in ("cited", "cites") or frame.lows[at + 1 : at + 2] in _CITED_FOR:
                return hit
        hit = self._verb(frame, at, title) if tag & VERB else None
        if hit is None and low in self.lexicon.stances:
            return self._attitude(frame, at)
        return according_to(frame, at) if low == "according" else hit

    def _noun(self, frame: Frame, at: int) -> Hit | None:
        low = frame.lows[at]
        if low in ("to", "for"):
            return in_eyes_of(frame) if at == 0 else None
        if low == "per":
            return per_source(frame, at)
        verb = set_phrase(frame, at)
        if verb is not None:
            return self._judged(frame, subject_of(frame, verb), verb, "say")
        hit = opinion_of(frame, at) if low in _OPINION else response_of(frame, at) if low in _RESPONSES else None
        return hit or position_of(frame, at)

    def _verb(self, frame: Frame, at: int, title: bool) -> Hit | None:
        tags, lows = frame.tags, frame.lows
        tag = tags[at]
        lemma = self.lexicon.lemmas[lows[at]]
        before = self.verbs.before(frame, at)
        if before >= 0 and tags[before] & BE and not tag & ING:
            opens = before - 1 if tags[before - 1] & AUX else before  # "as was reported by", "as has been noted by"
            if lows[opens - 1] == "as" and opens and tag & SAY and lows[at + 1 : at + 2] == ["by"]:
                return as_told_by(frame, opens - 1, at, lemma)
            return self._passive(frame, at, lemma)
        if before >= 0 and lows[before] == "as" and tag & SAY and lows[at + 1 : at + 2] == ["by"]:
            return as_told_by(frame, before, at, lemma)
        if not self.verbs.reports(frame, at, title):
            return None
        if before > 1 and lows[before] == "to" and lemma != "note" and self.verbs.is_given_to(frame, before):
            return self._judged(frame, subject_of(frame, speaks_by(frame, before) or before - 1), at, lemma)
        witnessed = before > 1 and lows[before] in _WITNESSED and tags[before - 1] & BE  # "was heard telling the crowd"
        if tag & ING and before > 0 and (witnessed or lows[before] in self.lexicon.aspects):
            return self._judged(frame, subject_of(frame, before), at, lemma)
        if tag & ING and before > 1 and lows[before] == "of" and lows[before - 1] == "tired":
            return self._judged(frame, subject_of(frame, before - 1), at, lemma)
        if tag & ING and not (before >= 0 and tags[before] & (BE | CLITIC)):
            return participle(frame, at, lemma)
        beside = relayed(frame, at, lemma) or inverted(frame, at, lemma)
        return beside or self._subject(frame, at, lemma) or who_tells(frame, at, lemma)

    def _subject(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        phrase = subject_of(frame, at)
        if phrase is not None and (frame.lows[phrase[0]] == "no" or (frame.lows[phrase[0] - 1] == "nor" and phrase[0])):
            return None
        if phrase is not None and _is_posted(frame, phrase, at):
            return None
        hit = self._judged(frame, phrase, at, lemma)
        if hit is not None:
            return self._described(frame, hit, at, lemma)
        if phrase is not None and _is_asked_for(frame, phrase, at):
            return None
        ends = phrase is not None and phrase[1] == at - 1 and frame.lows[at + 1 : at + 2] != ["to"]
        last = unmarked(frame, at, lemma) if ends else None
        if last is not None and last.source.phrase == phrase:
            return last  # "Those who stayed will be fed the ministry said"
        # "An official who spoke on condition that he not be named said"
        unnamed = phrase is None and "condition" in frame.lows[max(at - _NAMELESS, 0) : at]
        if unnamed or (
            phrase is not None
            and not frame.tags[phrase[1]] & PRON
            and (frame.tags[at] & PAST or frame.lows[at] in SURELY_SAYING or frame.tags[at - 1] & (AUX | ADV))
        ):
            hit = self._judged(frame, distant_subject(frame, at), at, lemma)
            if hit is not None and hit.source.kind == "thing":
                hit = None
        return hit or unmarked(frame, at, lemma)

    def _described(self, frame: Frame, hit: Hit, at: int, lemma: str) -> Hit:
        """ "Drivers trying to bring flour said": those who open the clause, where only a thing stands beside the verb."""
        thing = hit.source.kind == "thing" and not frame.tags[hit.source.mention[1]] & CAP and frame.tags[at] & SAY
        far = self._judged(frame, distant_subject(frame, at), at, lemma) if thing else None
        return far if far is not None and far.source.kind in ("people", "office", "person", "body") else hit

    def _judged(self, frame: Frame, phrase: Phrase | None, at: int, lemma: str) -> Hit | None:
        if phrase is None:
            return None
        if (
            phrase[0] < phrase[1]
            and frame.lows[phrase[0]] == "that"
            and (is_reported(frame, phrase[0]) or refers_back(frame, phrase[0]))
        ):
            phrase = (phrase[0] + 1, phrase[1])  # "The agency reported that Keller had said"
        phrase = _behind_place(frame, phrase)
        source = read_source(frame, trim(frame, phrase))
        if source is None or not can_speak(frame, source, frame.tags[at], lemma):
            return None
        given = source.kind in ("thing", "body") and frame.tags[at + 1 : at + 2] and frame.tags[at + 1] & BE
        if given and not any(frame.tags[i] & REL for i in range(source.phrase[0])):
            return None  # "The times given are local", "The attacks claimed were two"
        source = styled(frame, source)
        if source.phrase[1] + 2 < at:
            source = named_so(frame, source)
        if source.phrase[1] + 2 < at:
            beside = named_beside(frame, source)
            source = beside if beside.phrase[1] < at else source
        if lemma in self.lexicon.of_news and not self.lexicon.is_news(
            frame.lows, source.mention, source.kind == "body"
        ):
            return None
        if is_title_list(frame, source) and not frame.tags[at] & THIRD:
            source = replace(
                source, mention=(0, source.mention[1]), phrase=(0, source.phrase[1]), kind="people", plural=True
            )
        source = introduced_apart(frame, source, at)
        source = listed(frame, paired(frame, listed(frame, joined_names(frame, source))))
        rank = rank_of(self.lexicon, frame, source, at)
        if rank is None:
            return _aside(frame, source, at, lemma)
        return Hit(source, (at, at), rank, "tail" if rank == TAIL else "subject", lemma, (source.phrase[0], at))

    def _passive(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        by = agent(frame, at)
        if by is None or not in_main_clause(frame, at):
            return None
        dismissed = lemma in _DISMISSALS and by > at + 1
        strong = self.lexicon.is_strong(frame.tags[at]) and lemma != "inform"
        if lemma == "put" and by > at + 1 and frame.lows[at + 1] != "at":
            return None  # "signs put up by soldiers"
        given = lemma in _GIVEN and gives_words(frame, at)
        if not frame.tags[at] & VERB or not (strong or dismissed or given or lemma in ("press", "challenge", "put")):
            return None
        phrase = phrase_right(frame, by + 1)
        phrase = without_purpose(frame, phrase) if given and phrase is not None else phrase
        source = read_source(frame, trim(frame, phrase)) if phrase else None
        undergoes = lemma in ("dismiss", "question") and by == at + 1 and loses_post(frame, at)
        if source is None or source.kind == "thing" or undergoes:
            return None
        source = named_beside(frame, source)
        return Hit(source, (at, at), LATE, "passive", lemma, (at, source.phrase[1]))

    def _attitude(self, frame: Frame, at: int) -> Hit | None:
        """ "Israel is worried that …"."""
        before = at - 1
        while before >= 0 and (frame.tags[before] & ADV or frame.lows[before] in ("more", "less", "so")):
            before -= 1
        if before < 1 or not frame.tags[before] & BE or at + 1 >= len(frame):
            return None
        if frame.lows[at] == "opposed" and frame.lows[at + 1] == "to":
            return self._judged(frame, subject_of(frame, at), at, "be")
        if frame.lows[at + 1] not in ("that", "about", "of", "by", "over", "for", "it", "they", "he", "she", "the"):
            return None
        hit = self._judged(frame, subject_of(frame, at), at, "be")
        placed = hit is not None and hit.rank == LATE and frame.lows[hit.source.phrase[0] - 1] == "where"
        return None if placed else hit  # "towns in the west, where drivers were furious that …" tells of a place


def _behind_place(frame: Frame, phrase: Phrase) -> Phrase:
    """ "In a village on the other slope Jan Keller, who …, said": the name behind the place that opens the sentence."""
    first, last = phrase
    if first != 1 or not frame.tags[0] & PREP or not frame.tags[last] & CAP:
        return phrase
    while last - first > 1 and not (frame.tags[last - 1] & CAP and not frame.tags[last - 2] & CAP):
        last -= 1
    name = last - 1
    place = frame.words[name - 1].islower() and not frame.tags[name - 1] & (OFFICE | PREP | DET)
    return (name, phrase[1]) if last - first > 1 and place and is_name_only(frame, name, phrase[1]) else phrase


def _cited(frame: Frame, at: int) -> Hit | None:
    """ "citing X", "with reference to X"."""
    if frame.lows[at] in _QUOTING:
        return quoted(frame, at)
    to = refers(frame, at)
    return None if to is None else quoted(frame, to)


def _is_posted(frame: Frame, phrase: Phrase, at: int) -> bool:
    """ "In a video posted on Telegram, …": tell whether the verb at ``at`` only says how what stands in a lead came out."""
    lead = phrase[0] == 1 and phrase[1] == at - 1 and frame.tags[0] & PREP
    return bool(lead and frame.lows[1] in ("a", "an", "his", "her", "its", "their") and "," in frame.words[at:])


def _is_asked_for(frame: Frame, phrase: Phrase, at: int) -> bool:
    """ "The weapons that Oslo had demanded never came": tell whether the verb at ``at`` belongs to such a clause."""
    first = phrase[0] + (frame.lows[phrase[0]] == "that")
    return first > 1 and frame.lows[first - 1] == "that" and bool(frame.tags[first] & CAP and frame.tags[at - 1] & AUX)


def _quoted_from(frame: Frame, hits: list[Hit]) -> int:
    """ "It quoted Keller as saying that they wept and asked to go": the item from which on no verb is the agency's, or 0."""
    quoting = next((hit for hit in hits if hit.rule == "quoting"), None)
    if quoting is None or frame.lows[quoting.cue[0]] not in ("quoted", "cited", "quotes", "cites"):
        return 0
    first = quoting.cue[0]
    told = any(hit.source.kind == "pronoun" and hit.source.phrase[1] < first < hit.cue[0] for hit in hits)
    return next((at for at in range(first, len(frame)) if frame.lows[at] == "saying"), 0) if told else 0


def _is_compared(frame: Frame, hit: Hit) -> bool:
    """ "…, the mayor wrote, and not a depot, as Moscow claims": what is said by the way, behind the sentence's own source."""
    start = hit.source.phrase[0]
    return start > 1 and frame.lows[start - 1] == "as" and hit.rule != "according_to"


def _raise_cited(tails: list[Hit], late: list[Hit]) -> None:
    """ "…, the agency reported, quoting sources": whom a sentence's closing attribution cites comes next behind it."""
    cited = next((hit for hit in late if tails and hit.rule == "quoting" and hit.cue[0] > tails[-1].cue[1]), None)
    if cited is not None:
        late.remove(cited)
        tails.insert(len(tails) - 1, cited)


def _within_relative(frame: Frame, main: Hit, tail: Hit) -> bool:
    """ "The envoy blamed the rebels, who, he said, had moved": what a relative clause's "he said" adds is the main clause's."""
    between = range(main.cue[1] + 1, tail.span[0])
    return tail.source.kind == "pronoun" and any(
        (frame.tags[at] & REL and at + 6 > tail.span[0] and (frame.words[at - 1] == "," or frame.lows[at] == "who"))
        or (frame.lows[at] == "that" and at + 2 == tail.span[0] and not frame.tags[at - 1] & VERB)
        for at in between
    )


def _aside(frame: Frame, source: Source, at: int, lemma: str) -> Hit | None:
    """ "… published a photo of what it said were passports": a pronoun's saying within the clause of whom it means."""
    following = frame.tags[at + 1] if at + 1 < len(frame) else 0
    claims = source.kind == "pronoun" and lemma == "say" and bool(following & (BE | AUX | VERB | PLAIN))
    before = frame.lows[max(source.phrase[0] - 1, 0)]
    claims = claims and (bool(following & BE) or before in ("which", "that", "what"))
    claims = claims and not _SHOWN.isdisjoint(frame.lows[:at])
    return Hit(source, (at, at), LATE, "aside", lemma, (source.phrase[0], at)) if claims else None
