"""One person, one name: spellings of known actors joined across articles."""

from stancewire.data.actors import Actors, load_actors
from stancewire.data.codebook import Codebook
from stancewire.data.errors import ConfigError


class NameJoiner:
    """Gives a speaker the name that ``actors.yaml`` knows: an alias always, a last name alone where only one actor
    has it and the sentence's group is that actor's. Other names stay as they are. Without ``actors`` nothing is
    joined."""

    def __init__(self, actors: Actors | None) -> None:
        self._actors = actors

    def __call__(self, name: str, group: str | None) -> str:
        """Return the name to count ``name`` under."""
        plain = " ".join(name.split()) or name
        if self._actors is None:
            return plain
        known = self._actors.find(plain)
        if known is None and " " not in plain:
            known = self._actors.find_last(plain)
            if known is not None and known[1].group != group:
                known = None
        return plain if known is None else known[0]


def name_joiner(codebook: Codebook, join: bool = True) -> NameJoiner:
    """Return a joiner that knows the project's actors, or none where their groups are not the codebook's (or not
    ``join``)."""
    if not join or codebook.by_role("group") is None:
        return NameJoiner(None)
    actors = load_actors()
    try:
        actors.check(codebook)
    except ConfigError:  # another codebook: its groups are others, and so may its people be
        return NameJoiner(None)
    return NameJoiner(actors)
