"""Somebody or something that an article names."""

from dataclasses import dataclass, field

from stancewire.features.attribution.sources import Kind


@dataclass(slots=True)
class Entity:
    """Somebody or something that the article names. ``description`` collects offices and appositions, in lower case;
    ``first`` is the first of two sources named together, ``owner`` whose body or servant it is ("her office"), ``last`` the
    sentence in which it last spoke, ``since`` the one that named it first, ``fuller`` the person whom a
    heading calls by a last name."""

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
