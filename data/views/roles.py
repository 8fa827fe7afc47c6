"""What the codebook's tasks stand for, so that the views never spell a task or a label."""

from collections import Counter
from collections.abc import Sequence

from stancewire.data.codebook import Codebook, Role, Task
from stancewire.data.views.inputs import Row


class Roles:
    """Positions of the role tasks in ``codebook.tasks``; None where the codebook lacks the role. Without a task of
    the role ``side``, ``side`` is the first task without a role: what the views mark sentences by."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        plain = next((i for i, task in enumerate(codebook.tasks) if task.role is None), None)
        self.side = plain if self._position("side") is None else self._position("side")
        self.group = self._position("group")
        self.claim = self._position("claim")
        self.quotation = self._position("quotation")

    def positions(self) -> dict[str, int]:
        """Return each role's position, -1 where the codebook lacks it."""
        found = {"side": self.side, "group": self.group, "claim": self.claim, "quotation": self.quotation}
        return {name: -1 if position is None else position for name, position in found.items()}

    def task(self, position: int | None) -> Task | None:
        """Return the task at ``position``."""
        return None if position is None else self.codebook.tasks[position]

    def size(self, position: int | None) -> int:
        """Return the number of values of the task at ``position`` (0 without one)."""
        return 0 if position is None else len(self.codebook.tasks[position].values)

    def value(self, row: Row, position: int | None) -> int | None:
        """Return the row's value index for the task at ``position``."""
        return None if position is None else row.values[position]

    def polarity(self, row: Row) -> int | None:
        """Return +1, -1, 0 or None: the side that the row takes."""
        value = self.value(row, self.side)
        return None if value is None or self.side is None else self.codebook.tasks[self.side].values[value].polarity

    def sided(self, counts: Sequence[int]) -> tuple[int, int]:
        """Return (statements that support, statements that take either side) from counts per side value."""
        if self.side is None:
            return 0, 0
        signs = [value.polarity for value in self.codebook.tasks[self.side].values]
        pairs = list(zip(signs, counts, strict=True))
        positive = sum(n for sign, n in pairs if sign == 1)
        return positive, positive + sum(n for sign, n in pairs if sign == -1)

    def _position(self, role: Role) -> int | None:
        task = self.codebook.by_role(role)
        return None if task is None else self.codebook.tasks.index(task)


def dense(counts: Counter[int], size: int) -> list[int]:
    """Return counts per value index as a list of ``size``."""
    return [counts[i] for i in range(size)]
