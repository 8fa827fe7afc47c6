"""The bodies that an article names, and which of their names mean one body."""

from stancewire.data.actors import Actors, fold
from stancewire.features.attribution.lexicon import BODY, HUMAN, OFFICE, PREP, REL, Lexicon
from stancewire.features.spelling import american

_MAX_DESCRIPTION = 8
_OPENS_CLAUSE = frozenset(
    ("run", "led", "made", "backed", "based", "funded", "tracking", "monitoring", "working", "close")
)
_OF_GOVERNMENT = frozenset(("ministry", "department", "committee", "commission", "agency"))
# What an armed group or a movement is, behind a name that goes without it ("the Nusra Front", "Nusra").
_KINDS = frozenset(("front", "group", "brigade", "battalion", "regiment", "militia", "corps", "legion"))
_MINISTRIES = {
    "MOD": ("defense ministry", "defence ministry", "ministry of defense", "ministry of defence"),
    "MFA": ("foreign ministry", "ministry of foreign affairs"),
}
# What a head of state's or government's office is called by ("the Elysee", "Downing Street", "the prime minister's office").
_SEATS = (
    "elysee",
    "kremlin",
    "white house",
    "downing street",
    "no 10",
    "chancellery",
    "presidency",
    "palace",
    "chigi",
    "bankova",
    "office",
)


def is_seat(name: str) -> bool:
    """Tell whether a body is somebody's own office, as "his office" behind it means it."""
    return fold(name).endswith(_SEATS)


class Bodies:
    """Bodies by their names: ``by_tail`` by head noun or last words, ``by_key`` by what two spellings of a name share,
    ``by_letters`` by the first letters of a name's words, ``by_owner`` by state and head noun ("the Danish ministry"),
    ``by_first`` by the first of two words ("Nusra")."""

    def __init__(self, actors: Actors) -> None:
        self.actors = actors
        self.by_tail: dict[str, str] = {}
        self.by_key: dict[str, str] = {}
        self.by_letters: dict[str, str] = {}
        self.by_owner: dict[str, str] = {}
        self.by_first: dict[str, str] = {}

    def note(self, name: str, head: str) -> str:
        """Remember a body under its head noun; return the form to call it by: of those with its state the one given last."""
        longer = self.by_tail.get(fold(name))
        if longer is not None and longer != name:
            return longer
        key = self.key(name)
        known = self.by_key.get(key, self.by_owner.get(key, name))
        known = name if key == self.key(known) and name[:1].isupper() else known
        self.by_key[key] = known
        if head in _OF_GOVERNMENT and self.actors.nation_of(name.split()[0]) is not None:
            self.by_owner[f"{key.split()[0]} {head}"] = known
        self.by_letters.setdefault("".join(word[0] for word in known.split() if word[0].isupper()), known)
        words = fold(known).replace("'s ", " ").split()
        place = next((at for at in range(2, len(words)) if words[at] in ("in", "at")), None)
        if place is not None:
            self.by_tail[" ".join(words[:place])] = known  # "the Danish embassy" is the one in Bamako
        for at in range(1, min(len(words), 5)):
            if words[at] not in ("of", "for", "and", "the"):
                self.by_tail[" ".join(words[at:])] = known
        at = min((words.index(of) for of in ("of", "for") if of in words), default=0)
        if at > 1:
            self.by_tail[" ".join(words[:at])] = known  # "the press office of the council", then "the press office"
        if (
            len(words) == 2
            and words[1] in _KINDS
            and known.istitle()
            and self.actors.nation_of(known.split()[0]) is None
        ):
            self.by_first[words[0]] = known
        self._turn_round(words, fold(head), known)
        self.by_tail[head] = known
        return known

    def _turn_round(self, words: list[str], head: str, known: str) -> None:
        """Remember "the Kalmo base" for "the base at Kalmo"."""
        for link in ("at", "in", "of", "for"):
            if link in words[1:-1] and words[words.index(link) - 1] == head:
                place = [word for word in words[words.index(link) + 1 :] if word != "the"]
                self.by_tail.setdefault(f"{' '.join(place)} {head}", known)

    def ministry(self, letters: str) -> str | None:
        """Return the ministry named last that "MoD" or "MFA" stands for, or None."""
        tails = _MINISTRIES.get(letters.upper(), ())
        owners = {self.key(name).split()[0] for name in self.by_key.values() if fold(name).endswith(tails)}
        if len(owners) > 1:
            return None  # two states' ministries
        return next((self.by_tail[tail] for tail in tails if tail in self.by_tail), None)

    def rename(self, name: str, head: str) -> None:
        """Remember that ``name`` and its head noun from now on mean a body called just so."""
        self.by_tail[fold(name)] = self.by_tail[head] = name

    def known(self, name: str) -> str | None:
        """Return the form by which the article calls the body called ``name``, or None."""
        return self.by_key.get(self.key(name))

    def key(self, name: str) -> str:
        """Return what "Russia's Defense Ministry" and "Russian Defense Ministry" share."""
        words = [word for word in name.replace("’", "'").replace("'s", "").split() if word.lower() not in ("the",)]
        return " ".join(american(fold(self.actors.nation_of(word) or word)).replace(".", "") for word in words)


def names_body(lexicon: Lexicon, description: str) -> bool:
    """Tell whether a description has a body for its head: "a channel run by activists", not "a channel's owner"."""
    words = description.lower().split()[:_MAX_DESCRIPTION]
    if words[0] not in ("a", "an"):
        return False
    tags = [lexicon.tags.get(word, 0) for word in words]
    stop = next((at for at in range(2, len(tags)) if tags[at] & (PREP | REL) or words[at] in _OPENS_CLAUSE), len(tags))
    head = tags[stop - 1]
    return bool(head & BODY) and not head & (OFFICE | HUMAN)
