"""The people, bodies and states of the field: aliases, offices and the group each speaks for.

``actors.yaml`` belongs to the default codebook: its groups are values of that codebook's group task. A user's own
file has the same keys; its entries are added, and win where both name the same thing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from stancewire.data.codebook import Codebook, first_problem
from stancewire.data.errors import ConfigError

DEFAULT_PATH = Path(__file__).parent / "actors.yaml"
# News uses few words often: what is known of one is kept, within bounds that odd input cannot burst.
_WORD_LENGTH, _WORDS = 40, 1 << 14

ClueKind = Literal["state", "role", "term"]
_PHRASE = re.compile(r'"([^"]+)"|(\S+)')
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}(?:[-‑]\w+)?|\w+(?:[-‑.'’](?![sS]\b)\w+)*")


class State(BaseModel):
    """A state with what stands for it. ``seats`` are its capital and the houses that newspapers call it by;
    ``yields_to`` the groups of terms that outweigh its name ("Syrian rebels" are no voice of Syria's government); ``places``
    tell that an article is about it, and whose governors, mayors and police they have."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    demonyms: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9]\d*$")


class Actor(BaseModel):
    """A person or a body. ``offices`` are lower-case phrases that texts call the person by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str
    aliases: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    wikidata: str | None = Field(default=None, pattern=r"^Q[1-9]\d*$")


@dataclass(frozen=True, slots=True)
class Clue:
    """A word or phrase of a text that tells a side: what kind it is, for which group, and at which word it stands.
    ``state`` is the state meant, where the clue is one of its names."""

    kind: ClueKind
    group: str
    at: int
    words: tuple[str, ...]
    state: str | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    kind: ClueKind
    group: str
    capitals: bool
    capital: bool
    state: str | None


class Actors(BaseModel):
    """All that is known of who speaks for whom. Frozen; look-ups fold case and accents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    states: dict[str, State] = Field(default_factory=dict)
    media: str | None = None
    unknown: str | None = None
    intervener: str | None = None
    roles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    terms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    actors: dict[str, Actor] = Field(default_factory=dict)

    @field_validator("roles", "terms", mode="before")
    @classmethod
    def _phrases(cls, raw: object) -> object:
        if not isinstance(raw, Mapping):
            return raw
        return {
            group: tuple(quoted or plain for quoted, plain in _PHRASE.findall(words))
            if isinstance(words, str)
            else words
            for group, words in raw.items()
        }

    def merged(self, other: Self) -> "Actors":
        """Return both together; ``other`` wins where both name the same state, actor, or group of words."""
        return Actors(
            states={**self.states, **other.states},
            media=other.media or self.media,
            unknown=other.unknown or self.unknown,
            intervener=other.intervener or self.intervener,
            roles=_joined(self.roles, other.roles),
            terms=_joined(self.terms, other.terms),
            actors={**self.actors, **other.actors},
        )

    def check(self, codebook: Codebook) -> None:
        """ConfigError where a group is no value of the codebook's group task (a codebook without that task passes), or
        the intervener no state."""
        if self.intervener is not None and self.intervener not in self.states:
            raise ConfigError(f"actors: intervener: {self.intervener!r} does not stand under states; add it there")
        task = codebook.by_role("group")
        if task is None:
            return
        named = {f"states: {name}": state.group for name, state in self.states.items()}
        named |= {f"actors: {name}": actor.group for name, actor in self.actors.items()}
        named |= {key: group for key, group in (("media", self.media), ("unknown", self.unknown)) if group is not None}
        named |= {
            f"{key}: {group}": group for key, table in (("roles", self.roles), ("terms", self.terms)) for group in table
        }
        for where, group in named.items():
            if group not in task.names:
                raise ConfigError(f"actors: {where}: unknown group {group!r}, expected one of {', '.join(task.names)}")

    def find(self, name: str) -> tuple[str, Actor] | None:
        """Return the canonical name and entry of the actor that ``name`` is a name or alias of, or None."""
        return self._by_alias.get(fold(name))

    def clues(self, text: str) -> list[Clue]:
        """Return the words of ``text`` that tell a side, in order, longest match first; linear in its length."""
        written = _WORD.findall(text)
        entries = self._known_entries if max(map(len, written), default=0) <= _WORD_LENGTH else self._entries
        found: list[Clue] = []
        past = 0
        for at, word in enumerate(written):  # every word of every article: most begin no entry
            for entry in entries(word) if at >= past else ():
                words = written[at : at + len(entry.words)]
                if tuple(map(fold, words)) == entry.words and not (
                    (entry.capitals and not word.isupper()) or (entry.capital and word[0].islower())
                ):
                    found.append(Clue(entry.kind, entry.group, at, entry.words, entry.state))
                    past = at + len(entry.words)
                    break
        return found

    def state_of(self, word: str) -> str | None:
        """Return the state that ``word`` is the name, an adjective or a seat of, or None."""
        return self._state_words.get(fold(word))

    def nation_of(self, word: str) -> str | None:
        """Return the state that ``word`` is the name or an adjective of, or None (a capital is not)."""
        return self._nation_words.get(fold(word))

    def find_last(self, name: str) -> tuple[str, Actor] | None:
        """Return the only actor whose name or alias is ``name`` or ends with it, or None."""
        known = self.find(name)
        return known if known is not None else self._by_last.get(fold(name))

    def names_place(self, state: str, text: str) -> bool:
        """Tell whether ``text`` names one of the places of ``state``, in whole words."""
        pattern = self._places.get(state)
        return pattern is not None and pattern.search(text) is not None

    @cached_property
    def _places(self) -> dict[str, re.Pattern[str]]:
        return {
            name: re.compile(rf"\b(?:{'|'.join(map(re.escape, state.places))})\b")
            for name, state in self.states.items()
            if state.places
        }

    @cached_property
    def folded_states(self) -> dict[str, str]:
        """The states' names in the form that names are compared in → the names as written."""
        return {fold(name): name for name in self.states}

    @cached_property
    def _by_last(self) -> dict[str, tuple[str, Actor] | None]:
        table: dict[str, tuple[str, Actor] | None] = {}
        for name, actor in self.actors.items():
            for last in {fold(alias).split()[-1] for alias in (name, *actor.aliases)}:
                table[last] = None if last in table else (name, actor)
        return table

    @cached_property
    def _nation_words(self) -> dict[str, str]:
        return {
            fold(word): name for name, state in self.states.items() for word in (name, *state.demonyms, *state.aliases)
        }

    @cached_property
    def _by_alias(self) -> dict[str, tuple[str, Actor]]:
        table: dict[str, tuple[str, Actor]] = {}
        for name, actor in self.actors.items():
            for alias in (name, *actor.aliases):
                table[fold(alias)] = (name, actor)
        return table

    @cached_property
    def _state_words(self) -> dict[str, str]:
        return {fold(word): name for name, state in self.states.items() for word in _state_names(name, state)}

    def _entries(self, word: str) -> tuple[_Entry, ...]:
        """Return the entries that begin with a word as written, longest first."""
        return tuple(self._index.get(fold(word), ()))

    @cached_property
    def _known_entries(self) -> Callable[[str], tuple[_Entry, ...]]:
        """``_entries`` with a memory, for words of ordinary length: news uses few words often."""
        return lru_cache(maxsize=_WORDS)(self._entries)

    @cached_property
    def _index(self) -> dict[str, list[_Entry]]:
        index: dict[str, list[_Entry]] = {}

        def add(phrase: str, kind: ClueKind, group: str, state: str | None = None) -> None:
            words = tuple(fold(word) for word in _WORD.findall(phrase))
            if words:
                capitals = len(words) == 1 and phrase.isupper() and len(phrase) < 6
                capital = len(words) == 1 and phrase.istitle() and kind == "term"  # "Western", not "western Syria"
                index.setdefault(words[0], []).append(_Entry(words, kind, group, capitals, capital, state))

        for name, state in self.states.items():
            for word in _state_names(name, state):
                add(word, "state", state.group, name)
        kinds: tuple[tuple[ClueKind, dict[str, tuple[str, ...]]], ...] = (("role", self.roles), ("term", self.terms))
        for kind, table in kinds:
            for group, phrases in table.items():
                for phrase in phrases:
                    add(phrase, kind, group)
        for entries in index.values():
            entries.sort(key=lambda entry: -len(entry.words))
        return index


def fold(text: str) -> str:
    """Return ``text`` without case, accents and full stops of abbreviations: the form that names are compared in."""
    return _fold_word(text) if len(text) <= _WORD_LENGTH else _folded(text)


@lru_cache(maxsize=_WORDS)
def _fold_word(word: str) -> str:
    return _folded(word)


def _folded(text: str) -> str:
    plain = text.replace("’", "'").replace("‑", "-").replace("ı", "i")
    if not plain.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))
    return plain.casefold().replace(".", "")


def load_actors(extra: Path | None = None) -> Actors:
    """Read the actors shipped with the project, and ``extra`` over them where given; ConfigError names file, key and rule."""
    base = _read(DEFAULT_PATH)
    return base if extra is None else base.merged(_read(extra))


def _read(path: Path) -> Actors:
    try:
        return Actors.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: actors not found; expected a YAML file with states, roles, terms or actors"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error


def _state_names(name: str, state: State) -> Iterable[str]:
    return (name, *state.demonyms, *state.seats, *state.aliases)


def _joined(first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    taken = {fold(phrase) for phrases in second.values() for phrase in phrases}
    kept = {group: tuple(phrase for phrase in phrases if fold(phrase) not in taken) for group, phrases in first.items()}
    return {group: kept.get(group, ()) + tuple(second.get(group, ())) for group in {**kept, **second}}
