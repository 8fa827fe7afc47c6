"""One spelling for what outlets spell in several ways, so that no classifier has to learn all: American for British, one
transliteration of a name.

An encoder that reads no case takes "US" for "us" and "IS" for "is"; such names are spelled as nothing else is.
"""

import re
from functools import lru_cache

_OUR = (
    "armo behavio colo endeavo favo flavo harbo hono humo labo neighbo rumo savio vapo vigo savo clamo cando fervo "
    "glamo splendo valo"
)
_OUR_ENDINGS = "s|ed|ing|able|ably|er|ers|hood|hoods|ly|ful|less|ite|ites|al"
# Verbs in "-ise" that are no "-ize" in America either.
_NEVER_IZE = (
    "adv advert appr ar braise bru chast circumc compr comprom cru dem desp dev disgu "
    "enterpr ex exerc exorc expert franch "
    "gu improv inc imprec uncomprom sunr moonr upr lou den elo annel annal likew merchand no "
    "otherw parad po pra prec conc prem prom ra rev r superv surm surpr telev treat w "
    "enfranch disenfranch pract clockw repr val chem mort unsurpr unsuperv unadv unrev"
)
_LL = (
    "travel cancel label model fuel signal level counsel marshal channel quarrel rival total tunnel panel dial unravel"
)
_RE = "cent theat met kilomet lit calib fib sab spect somb meag"
_WORDS = {
    "defence": "defense", "defences": "defenses", "offence": "offense", "offences": "offenses", "pretence": "pretense",
    "licence": "license", "licences": "licenses", "programme": "program", "programmes": "programs", "grey": "gray",
    "judgement": "judgment", "judgements": "judgments", "sceptic": "skeptic", "sceptics": "skeptics",
    "sceptical": "skeptical", "scepticism": "skepticism", "aeroplane": "airplane", "aeroplanes": "airplanes",
    "despatch": "dispatch", "despatched": "dispatched", "whilst": "while", "amongst": "among", "towards": "toward",
    "learnt": "learned", "tyre": "tire", "tyres": "tires", "analyse": "analyze", "analysed": "analyzed",
    "analysing": "analyzing", "paralyse": "paralyze", "paralysed": "paralyzed", "manoeuvre": "maneuver",
    "manoeuvres": "maneuvers", "fulfil": "fulfill", "ageing": "aging", "aluminium": "aluminum", "practise": "practice",
}  # fmt: skip
# Names that news writes in several ways, most of them transliterated.
_OTHER_SPELLINGS = {
    "Hezbollah": "Hizbullah Hizbollah Hezbullah Hizballah",
    "Hmeimim": "Khmeimim Hmeymim Hmaimim",
    "Daesh": "Da'esh Da’esh Daech",
    "Assad": "al-Assad el-Assad Al-Assad",
    "Nusra": "al-Nusra Al-Nusra an-Nusra",
    "Gaddafi": "Qaddafi Gadhafi Kadhafi Gadaffi",
    "Haftar": "Hifter Heftar",
    "Erdogan": "Erdoğan",
    "Zelensky": "Zelenskiy Zelenskyy Zelenskyi",
    "Yanukovych": "Yanukovich",
    "Sergei": "Sergey",
    "Dmitry": "Dmitri Dmitriy",
    "Kyiv": "Kiev",
    "Kharkiv": "Kharkov",
    "Luhansk": "Lugansk",
    "Lviv": "Lvov",
    "Odesa": "Odessa",
    "Mykolaiv": "Nikolayev",
    "Raqqa": "Raqa Rakka",
    "Tehran": "Teheran",
}
_ONE_NAME = {other: name for name, others in _OTHER_SPELLINGS.items() for other in others.split()}
_ALSO_NAMES = frozenset(("Tyre", "TYRE", "Grey"))
_WORD_LENGTH = 40
_NAMES = {"US": "U.S.", "UN": "U.N.", "WHO": "W.H.O.", "IS": "ISIS"}


def _any(stems: str) -> str:
    return "|".join(stems.split())


_BRITISH = re.compile(
    rf"\b(?:(?P<our>{_any(_OUR)})ur(?=(?:{_OUR_ENDINGS})?\b)"
    rf"|(?!(?:{_any(_NEVER_IZE)})is)(?P<ise>[a-z]{{2,}}[^\W\daeiouw]|[a-z]{{2,}}i)is(?=(?:e|ed|es|ing|ation|ations|er|ers)\b)"
    rf"|(?P<ll>{_any(_LL)})l(?=(?:ed|ing|er|ers)\b)"
    rf"|(?P<re>{_any(_RE)})re(?P<many>s?)\b"
    rf"|(?:{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?<![\w'’])(?:{'|'.join(sorted(_ONE_NAME, key=len, reverse=True))})(?!\w|[-‑]\w)")
# In a line of capitals ("TELL US WHO IS") they are words.
_CAPITALS = re.compile(r"(?<![A-Z]{2} )(?<![\w.])(?:US|UN|(?:WHO|IS)(?! [A-Z]{2}))(?!\w|\.\w)")
# Beside these "IS" is a verb that somebody stresses ("it IS true", "Russia IS there").
_STRESSED_BEHIND = re.compile(r"\b(?:it|that|this|he|she|what|who|there|here|which)\s$", re.IGNORECASE)
_STRESSED_BEFORE = re.compile(
    r"\s(?:not|the|an?|there|here|now|true|so|going|still|what|why|how|it|right|wrong|over|more|no|nothing|being)\b"
)
_REACH = 12


def one_spelling(text: str) -> str:
    """Return ``text`` in American spelling, "US", "UN", "WHO" and "IS" as "U.S.", "U.N.", "W.H.O." and "ISIS", known
    names in one transliteration ("Hizbullah" as "Hezbollah").

    White space comes out as single spaces.
    """
    if "US" in text or "UN" in text or "IS" in text or "WHO" in text:
        text = _CAPITALS.sub(_name, text)
    return " ".join(map(american, text.split()))


def american(word: str) -> str:
    """Return one word, or what stands between two spaces, in American spelling, a known name in one transliteration."""
    return _known(word) if len(word) <= _WORD_LENGTH else word


@lru_cache(maxsize=1 << 15)  # news uses few words often; odd input must not fill memory
def _known(word: str) -> str:
    return _NAMED.sub(lambda match: _ONE_NAME[match.group()], _BRITISH.sub(_american, word))


def _name(match: re.Match[str]) -> str:
    text, start, end = match.string, *match.span()
    if match.group() == "IS" and (
        _STRESSED_BEHIND.search(text[max(start - _REACH, 0) : start]) or _STRESSED_BEFORE.match(text, end)
    ):
        return "IS"
    name = _NAMES[match.group()]
    return name.removesuffix(".") if text[end : end + 1] == "." else name


def _american(match: re.Match[str]) -> str:
    whole = match.group()
    if whole in _ALSO_NAMES:
        return whole
    if match["our"]:
        found = match["our"] + "r"
    elif match["ise"]:
        found = match["ise"] + "iz"
    elif match["ll"]:
        found = match["ll"]
    elif match["re"]:
        found = match["re"] + "er" + match["many"]
    else:
        found = _WORDS.get(whole.lower(), "")
        if not found:
            return whole  # letters that are alike without case only ("LİCENCE")
        found = found.capitalize() if whole[0].isupper() else found
    return found.upper() if whole.isupper() else found
