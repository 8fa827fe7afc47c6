"""Words and marks of a text with their offsets."""

import re
from dataclasses import dataclass


def words(text: str) -> frozenset[str]:
    """Return the words of ``text``, split at white space, as a set."""
    return frozenset(text.split())


# A word keeps inner full stops (U.S., Sept.), apostrophes (O'Neil) and hyphens; a possessive or clitic is a token of its own.
_TOKEN = re.compile(
    r"""[^\W_]+(?=\s)                              # most words; only here because it is the quickest to tell
      |(?:[^\W\d_]\.){2,}(?:[-‑]\w+)*             # U.S., U.S.-led
      |['’](?:s|ve|ll|re|d|m)\b                   # clitics
      |\b[DRI][-‑](?:(?:[A-Z]\.){2,}|[A-Z][a-z]+\.(?=[,)]))  # a party and its state: "R-S.C.", "D-Calif.,"
      |\b[A-Z]\.(?=\s+[A-Z]\.\s+[A-Z][a-z])           # "J. T. Keller"
      |\b[A-Z]\.(?=,|\s+[a-z(])                      # the initial that ends "Vera K., a nurse"
      |\b[A-Z]\.(?=\s+[A-Z][a-z])
          (?!\s+(?:The|A|An|In|It|He|She|But|And|They|We|On|At|For|This|That|These|Those|There|His|Her|Their|Its)\b)  # "Ida T."
      |(?<=[A-Z]\s)[A-Z]\.(?=\s+[A-Z][A-Z'’-]+\s?[:,(])  # the initial of "JAN B. KELLER:"
      |\((?:res|ret|retd)\.\)                       # a rank's "(res.)"
      |\b\d{1,3}(?:,\d{3}){1,4}(?![,\w])           # "30,000"
      |\b\d{1,2}:\d\d\b                             # "10:30"
      |[^\W_]+(?:(?:[-‑'’.&/]|\.-)(?!s\b|ve\b|ll\b|re\b|(?<=['’])[dm]\b)[^\W_]+)*(?:(?<=\b[A-Z][a-z])\.|(?<=\b[A-Z][a-z][a-z])\.|(?<=\b[A-Z][a-z][a-z][a-z])\.)?
      |(?<=\s)--(?=\s)                             # a dash that was typed
      |[^\w\s]
      |_+""",
    re.VERBOSE,
)
_ABBREVIATIONS = words(
    "gen. col. lt. maj. capt. sgt. adm. brig. cmdr. pte. cpl. pfc. spc. sen. sens. rep. reps. gov. "
    "mr. mrs. ms. dr. prof. st. rev. jan. feb. "
    "mar. apr. jun. jul. aug. sept. oct. nov. dec. inc. ltd. corp. messrs. mt. jr. sr. no. hon. pres. amb. "
    "supt. insp. sec."
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Parallel tuples: the tokens of one text, in order. ``starts`` and ``ends`` are code points of that text."""

    words: list[str]
    starts: list[int]
    ends: list[int]


def tokenize(text: str) -> Tokens:
    """Split ``text`` into words and marks; linear in its length."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        start = match.start()
        if word[-1] == "." and len(word) > 2 and word.count(".") == 1 and not _is_abbreviated(word):
            words += (word[:-1], ".")
            starts += (start, match.end() - 1)
            ends += (match.end() - 1, match.end())
            continue
        if word == "--":
            word = "—"
        elif word == "-" and text[start - 1 : start].isspace() and text[match.end() : match.end() + 1].isspace():
            word = "–"  # a hyphen for a dash
        words.append(word)
        starts.append(start)
        ends.append(match.end())
    return Tokens(words, starts, ends)


def _is_abbreviated(word: str) -> bool:
    """Tell whether a word keeps its full stop: "Gen.", "D-Calif."."""
    return word.lower() in _ABBREVIATIONS or (word[1] in "-‑" and word[0] in "DRI")
