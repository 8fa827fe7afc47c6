"""The word lists of attribution, read once, and the tag that every word gets from them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import yaml

from stancewire.features.attribution.tokens import words

_PATH = Path(__file__).parent / "lexicon.yaml"
_WORD_LENGTH = 40

# Bits of a word's tag.
SAY = 1 << 0
ACT = 1 << 1
WEAK = 1 << 2
PAST = 1 << 3
PARTICIPLE = 1 << 4
ING = 1 << 5
BASE = 1 << 6
THIRD = 1 << 7
BE = 1 << 8
AUX = 1 << 9
DET = 1 << 10
POSS = 1 << 11
PRON = 1 << 12
REL = 1 << 13
SUB = 1 << 14
CONJ = 1 << 15
PREP = 1 << 16
TIME = 1 << 17
ADV = 1 << 18
OFFICE = 1 << 19
BODY = 1 << 20
HUMAN = 1 << 21
NEWS = 1 << 22
DOC = 1 << 23
CAP = 1 << 24
NUM = 1 << 25
MARK = 1 << 26
QUOTE = 1 << 27
BADHEAD = 1 << 28
MODIFIER = 1 << 29
NATION = 1 << 30
CLITIC = 1 << 31
PLAIN = 1 << 32

VERB = SAY | ACT | WEAK
FUNCTION = BE | AUX | DET | POSS | PRON | REL | SUB | CONJ | PREP


@dataclass(frozen=True, slots=True)
class Weak:
    """When an ambiguous verb is speech: by the word that follows (``any_next``: whichever), by a word soon after it, or by
    a ``pattern`` that the words behind it begin with; ``negated``: only where it is denied ("would not hear of")."""

    next: frozenset[str]
    any_next: bool
    within: frozenset[str]
    without: frozenset[str]
    human: bool
    pattern: re.Pattern[str] | None
    negated: bool
    past: bool


_CHANNELS = frozenset(("radio", "tv", "channel"))
# A body's own section for the press is no news organisation.
_PRESS_OFFICES = frozenset(
    (kind, section)
    for kind in ("press", "media", "information")
    for section in (
        "service",
        "office",
        "centre",
        "center",
        "department",
        "section",
        "team",
        "unit",
        "wing",
        "secretariat",
    )
)
_TASKS = words(
    "aid refugee relief intelligence spy space security police tax border emergency emergencies humanitarian health migration "
    "government development environment energy nuclear weather customs enforcement rating ratings food children's watchdog"
)
_IN_LY = frozenset(("tally", "elderly", "friendly", "lonely"))
_INNER = re.compile("[-'’]")
# What the names of news agencies and their sites end in: "Apsnypress", "Kazinform", "kalmo.am".
_OUTLETS = ("press", "inform", "media", "news", "agerpres", "moldpres", "tass")
_SITE = re.compile(r"[a-z][\w-]*\.[a-z]{2,4}")
_PARTY = re.compile(r"[RDI]-[A-Z]")


class Lexicon:
    """Words to tags. ``weak`` maps a lemma to its condition, ``lemmas`` a verb form to its lemma."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.tags: dict[str, int] = {}
        self.lemmas: dict[str, str] = {}
        self.weak = {lemma: _weak(rule) for lemma, rule in raw["weak"].items()}  # type: ignore[attr-defined]
        irregular = raw["irregular"]
        for name, bit in (("say", SAY), ("act", ACT)):
            for lemma in _words(raw[name]):
                self._verb(lemma, bit, irregular)  # type: ignore[arg-type]
        for lemma, rule in self.weak.items():
            self._verb(lemma, WEAK, irregular, rule.past)  # type: ignore[arg-type]
        for name, bit in _LISTS.items():
            for word in _words(raw[name]):
                self.tags[word] = self.tags.get(word, 0) | bit
        self.picky = frozenset(_words(raw["picky"]))
        self.stances = frozenset(_words(raw["stances"]))
        self.callable = frozenset(_words(raw["callable"]))
        self.hosts = frozenset(_words(raw["hosts"]))
        self.news = frozenset(_quoted(raw["news_bodies"]))
        self.papers = frozenset(_words(raw["papers"]))
        self.feminine = frozenset(_words(raw["feminine_words"]))
        self.masculine = frozenset(_words(raw["masculine_words"]))
        self.addressees = frozenset(_words(raw["addressees"]))
        self.beside = frozenset(_words(raw["beside"]))
        self.of_news = frozenset(_words(raw["of_news"]))
        self.aspects = frozenset(_words(raw["aspects"]))
        self.epithets: dict[str, str] = dict(raw["epithets"])  # type: ignore[call-overload]
        self.given_to = frozenset(_words(raw["given_to"]))
        self.covers = {word: frozenset(_words(what)) for word, what in raw["covers"].items()}  # type: ignore[attr-defined]
        self.ornaments = frozenset(_words(raw["ornaments"]))
        self._known = lru_cache(maxsize=1 << 14)(
            self._read
        )  # news uses few words often; odd input must not fill memory

    def _verb(self, lemma: str, bit: int, irregular: Mapping[str, list[str]], past_only: bool = False) -> None:
        third, past, participle, ing = irregular.get(lemma) or _regular(lemma)
        kinds = [(past, PAST), (participle, PARTICIPLE), (ing, ING)]
        if not past_only:
            kinds += [(lemma, BASE), (third, THIRD)]
        for given, kind in kinds:
            for form in _spellings(lemma, given):
                self.tags[form] = self.tags.get(form, 0) | bit | kind
                self.lemmas.setdefault(form, lemma)

    @staticmethod
    def is_strong(tag: int) -> bool:
        """Tell whether a verb reports whatever its complement."""
        return bool(tag & (SAY | ACT))

    def is_news(self, lows: list[str], mention: tuple[int, int], body: bool) -> bool:
        """Tell whether the items of ``mention`` name a news organisation; ``body`` tells that they name a body."""
        words = lows[mention[0] : mention[1] + 1]
        if " ".join(words) in self.news or words[-1] in self.news:
            return True
        if any(pair in _PRESS_OFFICES for pair in pairwise(words)):
            return False  # "the Kremlin press service"
        if len(words) > 1 and words[-1] in ("agency", "agencies") and words[-2] in _TASKS:
            return False  # "aid agencies"
        if len(words) == 1 and (words[0].endswith(_OUTLETS) or _SITE.fullmatch(words[0])):
            return True
        if len(words) > 1 and words[0] in _CHANNELS and not self.tags.get(words[1], 0) & (OFFICE | HUMAN):
            return True  # "Radio Liberty", "Channel 10"
        return body and any(self.tags.get(word, 0) & NEWS for word in words)

    def read(self, word: str) -> tuple[str, int]:
        """Return ``word`` in lower case and its tag bits as it stands in the text."""
        return self._known(word) if len(word) <= _WORD_LENGTH else self._read(word)

    def _read(self, word: str) -> tuple[str, int]:
        return word.lower(), self._tag(word)

    def _tag(self, word: str) -> int:
        low = word.lower().replace("’", "'")
        tag = self.tags.get(low, 0)
        first = word[0]
        if _PARTY.match(word):
            return OFFICE  # "Rep. Jan Keller, R-Ohio,"
        if word == "WHO":
            return CAP  # the World Health Organization
        if first.isupper():
            tag |= CAP
        elif first.isdigit():
            tag |= NUM | (CAP if any(letter.isupper() for letter in word) else 0)
        elif not first.isalpha():
            if first in "'’":
                return tag | CLITIC
            return tag | MARK
        elif _INNER.search(word) and any(letter.isupper() for letter in word):
            tag |= CAP  # al-Abadi, pro-Kremlin, d'Orlan
        if "-" in low and low not in self.tags:
            tag |= self.tags.get(low.rsplit("-", 1)[1], 0) & (OFFICE | HUMAN) | (HUMAN if low.endswith("-old") else 0)
            tag |= self.tags.get(low.split("-of-", 1)[0], 0) & HUMAN  # "a mother-of-two"
        if (
            not tag & (ADV | VERB | CAP | NEWS | BODY | HUMAN)
            and low.endswith("ly")
            and len(low) > 4
            and low not in _IN_LY
        ):
            tag |= ADV
        return tag


_LISTS = {
    "be": BE,
    "aux": AUX,
    "determiners": DET,
    "possessives": POSS,
    "pronouns": PRON,
    "relatives": REL,
    "subordinators": SUB,
    "conjunctions": CONJ,
    "prepositions": PREP,
    "time_words": TIME,
    "adverbs": ADV,
    "office_words": OFFICE,
    "office_modifiers": MODIFIER,
    "body_words": BODY,
    "person_nouns": HUMAN,
    "news_nouns": NEWS,
    "document_nouns": DOC,
    "not_speakers": BADHEAD,
    "plain_verbs": PLAIN,
}


@cache
def load_lexicon() -> Lexicon:
    """Read ``lexicon.yaml`` beside this file (once a process)."""
    return Lexicon(yaml.safe_load(_PATH.read_text(encoding="utf-8")))


def _weak(rule: Mapping[str, object]) -> Weak:
    following = rule["next"]
    return Weak(
        next=frozenset() if following == "any" else frozenset(following),  # type: ignore[call-overload]
        any_next=following == "any",
        within=frozenset(rule.get("within", ())),  # type: ignore[call-overload]
        without=frozenset(rule.get("not_within", ())),  # type: ignore[call-overload]
        human=bool(rule.get("human")),
        pattern=re.compile(str(rule["pattern"])) if "pattern" in rule else None,
        negated=bool(rule.get("negated")),
        past=bool(rule.get("past")),
    )


def _words(raw: object) -> list[str]:
    return str(raw).replace('"', "").split() if not isinstance(raw, list) else [str(word) for word in raw]


def _quoted(raw: object) -> list[str]:
    """Split ``a "b c" d`` into ``a``, ``b c``, ``d``."""
    parts = str(raw).split('"')
    names: list[str] = []
    for at, part in enumerate(parts):
        names += [part] if at % 2 else part.split()
    return names


def _spellings(lemma: str, form: str) -> tuple[str, ...]:
    """ "signalled" is spelled "signaled" too, and the other way round."""
    ending = form[len(lemma) :].removeprefix("l")
    if not lemma.endswith(("al", "el")) or ending not in ("ed", "ing"):
        return (form,)
    return (lemma + ending, f"{lemma}l{ending}")


def _regular(lemma: str) -> tuple[str, str, str, str]:
    if lemma.endswith("e"):
        return f"{lemma}s", f"{lemma}d", f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma[:-1]}ied", f"{lemma}ing"
    third = f"{lemma}es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else f"{lemma}s"
    return third, f"{lemma}ed", f"{lemma}ed", f"{lemma}ing"
