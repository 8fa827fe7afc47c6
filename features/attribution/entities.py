"""Somebody or something that an article names."""

import re
from dataclasses import dataclass, field

from stancewire.features.attribution.sources import Kind

_MARKS = re.compile("[“”\"«»„]|(?<!\\w)[‘’']|[‘’'](?!\\w)")


@dataclass(slots=True)
class Entity:
    """Somebody or something that the article names. ``description`` collects offices and appositions, in lower case;
    ``first`` is the first of two sources named together, ``owner`` whose body or servant it is ("her office"), ``last`` the
    sentence in which it last spoke, ``since`` the one that named it first, ``fuller`` the person whom a
    heading calls by a last name, ``spelled`` the name with the marks around a nickname ("Jan “Bear” Keller"), ``age`` the
    years that stand behind a name ("Jan Keller, 43,")."""

    name: str
    kind: Kind
    description: list[str] = field(default_factory=list)
    gender: str = ""
    plural: bool = False
    first: "Entity | None" = None
    owner: "Entity | None" = None
    last: int = 0
    since: int = 0
    fuller: "Entity | None" = None
    spelled: str = ""
    age: str = ""

    def note_spelling(self, mention: str) -> None:
        """Remember how the article spells the name, where ``mention`` is all of it with a nickname in quotation marks."""
        if not self.spelled and mention != self.name and _MARKS.sub("", mention) == self.name:
            self.spelled = mention
