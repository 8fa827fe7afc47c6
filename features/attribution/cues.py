"""Where a sentence names its source: every reporting verb or phrase with its subject, the outermost first."""

from dataclasses import dataclass

from stancewire.features.attribution.frame import Frame
from stancewire.features.attribution.lexicon import (
    ACT, ADV, AUX, BASE, BE, BODY, CAP, CLITIC, CONJ, DET, DOC, HUMAN, ING, MARK, NEWS, NUM, OFFICE, PARTICIPLE, PAST, POSS, PREP, PRON, QUOTE, REL,
    SAY, SUB, THIRD, TIME, VERB, WEAK, Lexicon,
)  # fmt: skip
from stancewire.features.attribution.phrases import (
    Phrase, is_name_only, is_noun_like, phrase_left, phrase_right, segment_start, skip_back, trim,
)  # fmt: skip
from stancewire.features.attribution.sources import Source, read_source

TAIL, MAIN, LATE = 0, 1, 2
_BREAKS = frozenset(",;:—–()")
_END = frozenset(".?!…")
_NEEDS_LISTENER = frozenset(("tell", "inform", "assure", "remind", "thank", "accuse", "blame", "urge"))
_HOLLOW = frozenset(("say", "comment", "elaborate", "know", "specify", "respond", "reply", "mention", "answer", "confirm", "disclose", "explain", "reveal"))
_NO_INVERSION = frozenset("that no any some each every this these those it there all another such".split())
_QUOTING = frozenset(("quoted", "cited", "quoting", "citing", "quotes", "cites"))
_MAX_SEGMENTS = 7


@dataclass(frozen=True, slots=True)
class Hit:
    """One attribution of a sentence. ``cue`` are the items of the verb; ``span`` all items of the attributing clause."""

    source: Source
    cue: Phrase
    rank: int
    rule: str
    lemma: str
    span: Phrase


class CueFinder:
    """Finds the attributions of frames; holds nothing between them but the word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def find(self, frame: Frame, title: bool) -> list[Hit]:
        """Return the hits of a frame, the outermost first."""
        hits: list[Hit] = []
        tags, lows = frame.tags, frame.lows
        for at in range(len(frame)):
            tag = tags[at]
            low = lows[at]
            if low in _QUOTING:
                hit = self._quoted(frame, at)
            elif tag & VERB:
                hit = self._verb(frame, at, title)
            elif low in self.lexicon.stances:
                hit = self._stance(frame, at)
            elif low == "according":
                hit = self._according(frame, at)
            else:
                continue
            if hit is not None:
                hits.append(hit)
        tails = [hit for hit in hits if hit.rank == TAIL]
        return tails[::-1] + [hit for hit in hits if hit.rank == MAIN] + [hit for hit in hits if hit.rank == LATE]

    def _verb(self, frame: Frame, at: int, title: bool) -> Hit | None:
        tags, lows = frame.tags, frame.lows
        tag = tags[at]
        lemma = self.lexicon.lemmas[lows[at]]
        if at and tags[at - 1] & (DET | POSS) and not tags[at - 1] & PRON:
            return None
        if at and tags[at - 1] & CLITIC and lows[at - 1].endswith("s") and not tag & ING:
            return None
        if tag & CAP and at and not (title and frame.title_case):
            return None
        if tag & (BODY | HUMAN | DOC | NEWS | OFFICE) and not tag & (PAST | ING) and not self._surely_verb(frame, at):
            return None
        before = at - 1
        while before >= 0 and tags[before] & ADV and not tags[before] & TIME:
            before -= 1
        previous = lows[before] if before >= 0 else ""
        if before >= 0 and tags[before] & BE and not tag & ING:
            return self._passive(frame, at, lemma)
        if tag & WEAK and not tag & (SAY | ACT) and not self._complement(frame, at, lemma):
            return None
        if not tag & (PAST | THIRD | ING) or (tag & BASE and not tag & PAST):
            if previous == "to" and not title:
                return None
            if not self._plain_form(frame, at, before, lemma, title):
                return None
        if tag & ING and not (before >= 0 and tags[before] & (BE | CLITIC)):
            return self._participle(frame, at, lemma)
        if tag & PARTICIPLE and not tag & PAST and not (before >= 0 and tags[before] & (AUX | CLITIC)):
            return None
        if at + 1 < len(frame) and lows[at + 1] == "by" or (lemma == "accuse" and at + 1 < len(frame) and lows[at + 1] == "of"):
            return None
        if lemma in self.lexicon.picky and not self._bare(frame, at):
            return None
        if lemma in _HOLLOW and any(lows[i] in ("not", "n't") or lows[i].endswith(("n't", "n’t")) for i in range(max(before - 2, 0), at)):
            return None
        return self._relayed(frame, at, lemma) or self._inverted(frame, at, lemma) or self._subject(frame, at, lemma)

    def _plain_form(self, frame: Frame, at: int, before: int, lemma: str, title: bool) -> bool:
        """Tell whether a base form ("say") is a finite verb here."""
        if before < 0:
            return False
        tag, low = frame.tags[before], frame.lows[before]
        if tag & AUX:
            return True
        if title and low == "to":
            return True
        if frame.tags[at] & PAST:
            return True
        if low in ("they", "we", "i", "you", "who") or tag & NUM:
            return True
        if tag & MARK:
            return low in ",)" and frame.tags[at] & SAY != 0
        phrase = phrase_left(frame, skip_back(frame, before))
        if phrase is not None:
            source = read_source(frame, trim(frame, phrase))
            if source is not None and source.plural:
                return True
        return (low.endswith("s") and not low.endswith("ss")) or bool(tag & (HUMAN | TIME | ADV)) or (tag & CAP and title) or low in ("police", "media") or (
            before > 1 and "and" in frame.lows[max(before - 4, 0) : before]
        )

    def _bare(self, frame: Frame, at: int) -> bool:
        """Tell whether a verb is followed by "that", a quotation, a break or a new clause, not by an object."""
        if at + 1 >= len(frame):
            return True
        tag, low = frame.tags[at + 1], frame.lows[at + 1]
        if tag & (QUOTE | MARK | PRON | REL | ADV | PREP | TIME) and low not in ("to", "of", "for", "with"):
            return True
        return low in ("that", "there", "no") or bool(at and frame.tags[at - 1] & QUOTE) or any(
            frame.tags[i] & (BE | AUX) for i in range(at + 2, min(at + 9, len(frame)))
        )

    def _surely_verb(self, frame: Frame, at: int) -> bool:
        """Tell whether a word that is also a noun ("states", "reports") is a verb here."""
        if at + 1 >= len(frame):
            return True
        return bool(frame.tags[at + 1] & (QUOTE | MARK)) or frame.lows[at + 1] in ("that", "citing", "quoting", "how", "on", "from")

    def _complement(self, frame: Frame, at: int, lemma: str) -> bool:
        """Tell whether an ambiguous verb has the complement that makes it speech or thought."""
        weak = self.lexicon.weak[lemma]
        index = at + 1
        size = len(frame)
        while index < size and frame.tags[index] & (TIME | ADV) or index + 1 < size and lows_on_time(frame, index):
            index += 1
        if index >= size:
            return False
        window = frame.lows[index : index + 10]
        if lemma == "call" and any(scare.first > index for scare in frame.scare):
            return True
        if weak.without & set(window):
            return False
        if weak.any_next:
            return not frame.tags[index] & MARK
        if window[0] in weak.next or weak.within & set(window):
            return True
        return lemma == "call" and self._names_so(frame, index)

    def _names_so(self, frame: Frame, at: int) -> bool:
        """"called the raid a crime", not "called a meeting"."""
        tags, words = frame.tags, frame.words
        if not tags[at] & (CAP | DET | POSS) or frame.lows[at] in ("a", "an"):
            return False
        for index in range(at + 1, len(frame)):
            if words[index] in _BREAKS or words[index] in _END:
                break
            if tags[index] & QUOTE or tags[index] & DET and not tags[index - 1] & (PREP | CONJ):
                return True
        return any(scare.first >= at for scare in frame.scare)

    # --- constructions -------------------------------------------------------------------------------------------------------------

    def _passive(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        if at + 1 < len(frame) and frame.lows[at + 1] == "by" and (frame.tags[at] & (SAY | ACT) or lemma in ("press", "challenge")) and self._is_main(frame, at):
            phrase = phrase_right(frame, at + 2)
            source = read_source(frame, trim(frame, phrase)) if phrase else None
            if source is not None and self._can_speak(frame, source, ACT):
                source = self._named_beside(frame, source)
                return Hit(source, (at, at), LATE, "passive", lemma, (at, source.phrase[1]))
        return None

    def _is_main(self, frame: Frame, at: int) -> bool:
        """Tell whether no relative or subordinate clause opens between the sentence's start and ``at``."""
        return not any(frame.tags[i] & (REL | SUB) or frame.lows[i] == "that" for i in range(at))

    def _stance(self, frame: Frame, at: int) -> Hit | None:
        """"Israel is worried that …"."""
        before = at - 1
        while before >= 0 and frame.tags[before] & ADV or before >= 0 and frame.lows[before] in ("more", "less", "so"):
            before -= 1
        if before < 1 or not frame.tags[before] & BE or at + 1 >= len(frame):
            return None
        if frame.lows[at + 1] not in ("that", "about", "of", "by", "over", "for", "it", "they", "he", "she", "the"):
            return None
        return self._subject(frame, at, "be")

    def _participle(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        """", saying …": the subject of the clause speaks; "with Peskov saying …": its own."""
        own = self._with_subject(frame, at, lemma)
        if own is not None:
            return own
        if at == 0 or frame.lows[at - 1] not in (",", "in", "while", "by", "and", "before", "after", "—", "–"):
            return None
        phrase = clause_subject(frame)
        source = read_source(frame, phrase) if phrase else None
        if source is None or not self._can_speak(frame, source, ACT) or source.phrase[1] >= at:
            return None
        return Hit(source, (at, at), LATE, "participle", lemma, (source.phrase[0], at))

    def _with_subject(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        begin = next((i for i in range(at - 2, max(at - 9, 0), -1) if frame.lows[i] == "with"), None)
        phrase = phrase_left(frame, at - 1, begin + 1) if begin is not None else None
        if phrase is None or begin is None or phrase[0] != begin + 1:
            return None
        source = read_source(frame, trim(frame, phrase))
        if source is None or not self._can_speak(frame, source, ACT):
            return None
        return Hit(source, (at, at), LATE, "with_participle", lemma, (phrase[0] - 1, at))

    def _according(self, frame: Frame, at: int) -> Hit | None:
        if at + 2 >= len(frame) or frame.lows[at + 1] != "to":
            return None
        phrase = phrase_right(frame, at + 2)
        if phrase is None:
            return None
        source = read_source(frame, trim(frame, phrase))
        if source is None or source.kind == "thing" and not source.plural and not frame.tags[source.mention[1]] & CAP:
            return None
        source = self._named_beside(frame, source)
        return Hit(source, (at, at + 1), TAIL, "according_to", "according", (at, source.phrase[1]))

    def _quoted(self, frame: Frame, at: int) -> Hit | None:
        """"X was quoted by Y as saying", "Y quoted X as saying", ", quoted by Y,", "citing X"."""
        tags, lows = frame.tags, frame.lows
        before = skip_back(frame, at - 1)
        window = lows[at + 1 : at + 14]
        passive = at > 0 and any(tags[i] & BE for i in range(max(before, 0), at))
        if passive and lows[at] in ("quoted", "cited"):
            phrase = phrase_left(frame, before)
            if phrase is None and before >= 0 and lows[before] == ",":
                phrase = across_commas(frame, before)
            source = read_source(frame, trim(frame, phrase)) if phrase else None
            if source is None or not ("saying" in window or not len(window) or "by" in window or window[0] in (",", ".", "in", "“”")):
                return None
            return Hit(self._named_beside(frame, source), (at, at), MAIN, "quoted_passive", "quote", (source.phrase[0], at))
        if at and lows[at - 1] == "as" or at + 1 >= len(frame):
            return None
        phrase = phrase_right(frame, at + 1)
        if phrase is None or lows[at + 1] == "by":
            if at + 1 < len(frame) and tags[at + 1] & POSS or lows[at + 1] in ("him", "her", "them"):
                phrase = (at + 1, at + 1)
            else:
                return None
        source = read_source(frame, trim(frame, phrase)) if not lows[phrase[0]] in ("him", "her", "them") else Source(
            "pronoun", phrase, phrase, {"him": "he", "her": "she", "them": "they"}[lows[phrase[0]]], lows[phrase[0]] == "them"
        )
        if source is None or source.kind == "thing" and "saying" not in window:
            return None
        return Hit(self._named_beside(frame, source), (at, at), LATE, "quoting", "quote", (at, source.phrase[1]))

    def _relayed(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        """"The daily reported Putin saying …": the one reported."""
        if lemma not in ("report", "show") or not frame.tags[at] & (PAST | THIRD):
            return None
        phrase = phrase_right(frame, at + 1)
        if phrase is None or phrase[1] + 1 >= len(frame) or frame.lows[phrase[1] + 1] != "saying":
            phrase = phrase if phrase is not None and frame.lows[phrase[1]] == "saying" else None
            if phrase is None:
                return None
            phrase = (phrase[0], phrase[1] - 1)
        source = read_source(frame, phrase) if phrase[1] >= phrase[0] else None
        return None if source is None else Hit(source, (at, at), LATE, "quoting", lemma, (at, phrase[1] + 1))

    def _inverted(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        """"…, said Lavrov on Friday.\""""
        tags, lows = frame.tags, frame.lows
        if not tags[at] & SAY or lemma in _NEEDS_LISTENER or at + 1 >= len(frame):
            return None
        if at and not (tags[at - 1] & QUOTE or lows[at - 1] in (",", "—", "–", "-", ":", "?", "!", "so")):
            return None
        if lows[at + 1] in _NO_INVERSION:
            return None
        phrase = phrase_right(frame, at + 1)
        if phrase is None:
            return None
        phrase = trim(frame, phrase)
        after = phrase[1] + 1
        if after < len(frame):
            tag = tags[after]
            if tag & (AUX | BE | CLITIC) or (tag & VERB and tag & (PAST | THIRD) and not lows[after] == "told"):
                return None
            reduced = lows[after].endswith("ing") or lows[after].endswith("ed") and after + 1 < len(frame) and bool(tags[after + 1] & PREP)
            if not tag & (MARK | QUOTE | TIME | PREP | REL | CONJ | ADV | SUB | DET | PRON) and not reduced:
                return None
            if lows[after] == "to" and not tags[after - 1] & BODY:
                return None
        source = read_source(frame, phrase)
        if source is None or source.kind == "thing" or source.kind == "pronoun" and lows[at + 1] in ("i", "we", "you", "they"):
            return None
        if tags[phrase[0]] & DET and source.kind == "document":
            return None
        source = self._named_beside(frame, source)
        return Hit(source, (at, at), TAIL if at else MAIN, "inverted", lemma, (at, source.phrase[1]))

    def _subject(self, frame: Frame, at: int, lemma: str) -> Hit | None:
        tags, lows = frame.tags, frame.lows
        before = skip_back(frame, at - 1)
        if before < 0:
            return None
        if tags[before] & REL or lows[before] == "that":
            return None
        if lows[before] == "since" and before and tags[before - 1] & AUX:
            before = skip_back(frame, before - 1)
            if before < 0:
                return None
        if lows[before] == "to" and before:
            before = skip_back(frame, before - 1)
            if before < 0:
                return None
        if lows[before] in (",", ")", "—", "–"):
            phrase = across_commas(frame, before)
        elif tags[before] & CONJ:
            phrase = clause_subject(frame)
            if phrase is None or phrase[1] >= before:
                return None
        elif tags[before] & QUOTE:
            return None
        else:
            phrase = phrase_left(frame, before)
            if phrase is not None:
                phrase = _described_name(frame, _unrelative(frame, phrase))
        if phrase is None:
            return None
        source = read_source(frame, trim(frame, phrase))
        if source is None or not self._can_speak(frame, source, tags[at], lemma):
            return None
        rank = self._rank(frame, source, at, lemma)
        if rank is None:
            return None
        return Hit(source, (at, at), rank, "tail" if rank == TAIL else "subject", lemma, (source.phrase[0], at))

    # --- judgement -----------------------------------------------------------------------------------------------------------------

    def _can_speak(self, frame: Frame, source: Source, tag: int, lemma: str = "") -> bool:
        if source.kind != "thing":
            if source.kind == "document":
                return bool(tag & SAY) or lemma in ("show", "find", "list", "describe", "accuse", "suggest", "call", "criticize", "criticise", "quote")
            if lemma in ("show", "list"):
                return False
            return not (source.kind == "pronoun" and source.head == "it" and lemma in ("show", "mean", "support", "suggest", "indicate", "threaten"))
        return bool(tag & SAY) and lemma in ("say", "tell", "announce", "warn", "add", "report", "claim")

    def _rank(self, frame: Frame, source: Source, at: int, lemma: str) -> int | None:
        """Tell whether the clause stands beside its content (TAIL), carries the sentence (MAIN) or neither (None)."""
        tags, lows = frame.tags, frame.lows
        start = source.phrase[0]
        if start == 0:
            return MAIN
        if lows[start] == "that":
            return None
        before = start - 1
        while before >= 0 and tags[before] & (ADV | TIME) and not tags[before] & QUOTE:
            before -= 1
        if before < 0:
            return MAIN
        tag, low = tags[before], lows[before]
        if tag & REL and not low == "that":
            return None
        if low == "that":
            return None
        if tag & QUOTE and tags[at] & SAY:
            return TAIL
        if tag & QUOTE or low in _BREAKS or low in _END:
            return TAIL if tags[at] & SAY and self._closes(frame, at) else MAIN
        if tag & SUB:
            if low == "as" and tags[at] & SAY and self._closes(frame, at):
                return TAIL
            return None if low != "while" else MAIN
        if tag & CONJ:
            return MAIN
        if tag & PREP or tag & NUM:
            return MAIN if self._prefatory(frame, before) else None
        if tag & VERB or tag & (AUX | BE | PRON):
            return None
        if self._prefatory(frame, before):
            return MAIN
        ends = source.kind != "pronoun" and lemma in ("say", "tell", "add", "report", "announce") and self._closes(frame, at)
        return TAIL if ends and not any(low in _BREAKS for low in lows[at:]) else None

    def _prefatory(self, frame: Frame, at: int) -> bool:
        """Tell whether what stands before a subject, up to ``at``, is only an adverbial ("In Moscow …")."""
        begin = segment_start(frame, at)
        first = frame.tags[begin]
        return bool(first & (PREP | ADV | TIME | CONJ)) and not any(frame.tags[i] & (VERB | BE | AUX) and not frame.tags[i] & CAP for i in range(begin, at + 1))

    def _closes(self, frame: Frame, at: int) -> bool:
        """Tell whether nothing but a listener, a time or a place follows the verb, up to the next break."""
        tags, lows = frame.tags, frame.lows
        index = at + 1
        size = len(frame)
        first = True
        while index < size:
            tag, low = tags[index], lows[index]
            if tag & QUOTE or low in _BREAKS or low in _END:
                return True
            if tag & (BE | AUX | REL) or low in ("that", "he", "she", "it", "they") or (tag & VERB and tag & (PAST | THIRD) and not tag & (DOC | HUMAN)):
                return False
            if first and not tag & (PREP | TIME | ADV | CAP | HUMAN | PRON | DET | POSS | SUB) and low not in self.lexicon.addressees:
                return low in ("him", "them", "us", "me")
            if first and tag & (DET | CAP) and not tag & TIME and self.lexicon.lemmas.get(lows[at]) not in ("tell", "inform", "assure", "remind"):
                return False
            first = False
            index += 1
        return True

    def _named_beside(self, frame: Frame, source: Source) -> Source:
        """"a Pentagon spokesman, Jeff Davis": the name beside an office is the better mention."""
        end = source.phrase[1]
        if source.kind not in ("office", "people") or end + 2 >= len(frame) or frame.words[end + 1] != ",":
            return source
        stop = end + 2
        while stop < len(frame) and not (frame.tags[stop] & QUOTE or frame.words[stop] in _BREAKS or frame.words[stop] in _END):
            stop += 1
        if stop - 1 >= end + 2 and stop - end < 9 and is_name_only(frame, end + 2, stop - 1):
            named = read_source(frame, (end + 2, stop - 1))
            if named is not None:
                return Source("person", (source.phrase[0], named.phrase[1]), named.mention, named.head)
        return source


def lows_on_time(frame: Frame, at: int) -> bool:
    """Tell whether "on Tuesday" or "this week" begins at ``at``."""
    return frame.lows[at] in ("on", "this", "last", "late", "early") and bool(frame.tags[at + 1] & TIME)


def _unrelative(frame: Frame, phrase: Phrase) -> Phrase | None:
    """"The officials who met Putin said": where a relative clause without commas stands before the verb, its noun is the subject."""
    start = phrase[0]
    begin = segment_start(frame, start)
    for at in range(start - 1, begin, -1):
        if frame.tags[at] & REL and frame.lows[at] in ("who", "which", "whose", "that") or frame.lows[at] == "who":
            if frame.tags[at - 1] & (CAP | HUMAN | OFFICE | BODY) or is_noun_like(frame, at - 1):
                left = phrase_left(frame, at - 1)
                if left is not None and (left[0] == begin):
                    return left
            return phrase
    return phrase


def _described_name(frame: Frame, phrase: Phrase) -> Phrase:
    """"Jeff Davis, head of the mission told": where the comma before the verb is missing, the name before is the subject."""
    start = phrase[0]
    if start < 2 or frame.words[start - 1] != "," or not _is_description(frame, phrase):
        return phrase
    begin = segment_start(frame, start - 2)
    if start - 2 - begin >= 1 and is_name_only(frame, begin, start - 2) and not frame.tags[start - 2] & BODY:
        named = read_source(frame, (begin, start - 2))
        if named is not None and named.kind in ("person", "name"):
            return (begin, start - 2)
    return phrase


def clause_subject(frame: Frame) -> Phrase | None:
    """Return the subject of a sentence's main clause: its first noun phrase behind any prefatory phrase."""
    size = len(frame)
    at = 0
    tags, lows = frame.tags, frame.lows
    for _ in range(3):
        while at < size and (tags[at] & CONJ or (tags[at] & (ADV | MARK) and not tags[at] & CAP) or tags[at] & QUOTE and False):
            at += 1
        if at >= size:
            return None
        if tags[at] & PREP or tags[at] & (SUB | TIME) or (tags[at] & ADV) or lows[at].endswith("ing") and not tags[at] & (BODY | HUMAN | OFFICE):
            comma = next((i for i in range(at, min(size, at + 30)) if lows[i] == ","), None)
            if comma is None:
                return None
            at = comma + 1
            continue
        phrase = phrase_right(frame, at)
        return trim(frame, phrase) if phrase is not None else None
    return None


def across_commas(frame: Frame, comma: int) -> Phrase | None:
    """Return the subject that stands left of a parenthesis closed by ``comma`` ("Lavrov, who …, said")."""
    tags, lows = frame.tags, frame.lows
    close = comma
    for _ in range(_MAX_SEGMENTS):
        end = close - 1
        if end < 0:
            return None
        start = segment_start(frame, end)
        if start > end:
            return None
        first = tags[start]
        opener = start - 1
        if opener >= 0 and tags[opener] & QUOTE:
            return phrase_left(frame, end, start)
        modifier = bool(
            tags[end] & TIME and not tags[end] & CAP
            or first & REL and not first & DET
            or first & (PREP | ADV | SUB | TIME | NUM) and not first & CAP
            or first & (ING | PARTICIPLE) and not first & (CAP | BODY | DOC)
            or lows[start].endswith("ing")
            or lows[start] in ("quoted", "based", "known", "cited", "asked", "dressed", "himself", "herself", "itself", "then")
            or (lows[start].endswith("ed") and not first & CAP)
        )
        if modifier and opener >= 0:
            close = opener
            continue
        relative = _relative_before(frame, start)
        if relative is not None:
            close = relative
            continue
        if is_name_only(frame, start, end):
            return _outer_name(frame, start) or (start, end)
        phrase = phrase_left(frame, end, start)
        if phrase is None:
            return None
        if (phrase[0] == start or _describes(frame, start, end)) and opener > 0 and _is_description(frame, (start, phrase[1])):
            left_start = segment_start(frame, opener - 1)
            left = phrase_left(frame, opener - 1, left_start)
            if left is not None:
                named = read_source(frame, trim(frame, left))
                if named is not None and named.kind in ("person", "name", "body") and _clause_start(frame, left[0]):
                    return left
        return phrase
    return None


def _outer_name(frame: Frame, start: int) -> Phrase | None:
    """"Zakaria M., officer of a rebel group, Fastaqim, said": the first name, where the second belongs to its description."""
    if start < 4 or frame.words[start - 1] != ",":
        return None
    middle = segment_start(frame, start - 2)
    if middle < 2 or frame.words[middle - 1] != "," or not _describes(frame, middle, start - 2):
        return None
    begin = segment_start(frame, middle - 2)
    if begin < middle - 2 and is_name_only(frame, begin, middle - 2):
        return (begin, middle - 2)
    return None


def _describes(frame: Frame, start: int, end: int) -> bool:
    """Tell whether a segment opens with an office or an indefinite description."""
    return any(frame.tags[at] & (OFFICE | HUMAN) for at in range(start, min(end, start + 5) + 1))


def _clause_start(frame: Frame, at: int) -> bool:
    return at == 0 or bool(frame.tags[at - 1] & (QUOTE | CONJ | ADV | TIME | DET)) or frame.words[at - 1] in _BREAKS or segment_start(frame, at) == at


def _is_description(frame: Frame, phrase: Phrase) -> bool:
    """Tell whether a phrase can describe the name before it ("a Pentagon spokesman", "head of the council")."""
    first = frame.tags[phrase[0]]
    if first & (DET | POSS):
        return True
    return any(frame.tags[at] & (OFFICE | HUMAN | BODY) for at in range(phrase[0], phrase[1] + 1)) and not is_name_only(frame, *phrase)


def _relative_before(frame: Frame, start: int) -> int | None:
    """Return the comma that opens a relative clause in which segment ``start`` lies, or None."""
    at = start - 1
    for _ in range(4):
        if at <= 0 or frame.words[at] != ",":
            return None
        begin = segment_start(frame, at - 1)
        if begin >= at:
            return None
        if frame.tags[begin] & REL and frame.lows[begin] in ("who", "which", "whose", "where") and begin > 0 and frame.words[begin - 1] == ",":
            return begin - 1
        at = begin - 1
    return None
