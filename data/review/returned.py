"""What comes back from review, checked against codebook and text, and written down as annotations with their provenance."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.review.item import ORIGIN, SPEAKER, text_sha1

LISTED = 20
RESOLUTION = "reviewed"
_NEEDED = ("unit", "article", "sentence", "text", "sha1")


@dataclass(frozen=True, slots=True)
class Returned:
    """One person's answers for one sentence. ``data`` is what the export gave along, ``answers`` maps task (and speaker fields)
    to what was entered, unchecked; ``where`` names file and line for messages."""

    where: str
    data: Mapping[str, Any]
    answers: Mapping[str, Any]
    annotator: str | None
    annotated_at: str | None


def annotations(returned: Iterable[Returned], codebook: Codebook, now: datetime) -> list[dict[str, Any]]:
    """Return annotation rows, in reading order; ``now`` stands in where the tool recorded no time.

    Raises DataError that lists every problem (up to 20 in full): nothing is taken from a file that has one.
    """
    rows: list[dict[str, Any]] = []
    problems: list[str] = []
    for item in returned:
        found = _problems(item, codebook)
        problems += [f"{item.where}: {problem}" for problem in found]
        if not found:
            rows.append(_row(item, codebook, now))
    if problems:
        more = f"\n… and {len(problems) - LISTED} more" if len(problems) > LISTED else ""
        raise DataError("\n".join(problems[:LISTED]) + more)
    return sorted(rows, key=lambda row: (row["article"], row["sentence"]))


def dump_lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return JSON lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _problems(item: Returned, codebook: Codebook) -> list[str]:
    missing = [name for name in _NEEDED if item.data.get(name) in (None, "")]
    if missing:
        return [f"expected a file made by review.py export, found no {', '.join(missing)}"]
    text, seal = str(item.data["text"]), str(item.data["sha1"])
    found = []
    if text_sha1(text) != seal:
        found.append(
            f"{item.data['unit']}: the sentence was changed (sha1 {text_sha1(text)}, expected {seal}): {text[:60]!r}"
        )
    found += [problem for task in codebook.task_names if (problem := _wrong_value(item, codebook, task))]
    if item.annotator is None:
        found.append(f"{item.data['unit']}: no annotator named; expected who decided")
    if codebook.attribution and not found:
        found += _speaker_problems(item, codebook, text)
    return found


def _wrong_value(item: Returned, codebook: Codebook, task: str) -> str | None:
    value, names = item.answers.get(task), codebook.task(task).names
    if value in names:
        return None
    given = "nothing" if value in (None, "") else repr(value)
    return f"{item.data['unit']}: {task}: expected one of {', '.join(names)}; found {given}"


def _speaker_problems(item: Returned, codebook: Codebook, text: str) -> list[str]:
    """Check the codebook's rules on speakers: name, mention and the values for nobody belong together."""
    speaker, mention = (item.answers.get(name) or None for name in SPEAKER)
    found = []
    if mention is not None and str(mention) not in text:
        found.append(f"{item.data['unit']}: speaker_mention {mention!r} does not stand in the sentence")
    if mention is not None and speaker is None:
        found.append(f"{item.data['unit']}: speaker_mention without a speaker; name the speaker or clear the mention")
    for task in codebook.tasks:
        if task.unattributed is None:
            continue
        value = item.answers[task.name]
        if (value == task.unattributed) != (speaker is None):
            wanted = "no speaker" if value == task.unattributed else "a speaker's name"
            named = "none" if speaker is None else repr(speaker)
            found.append(f"{item.data['unit']}: {task.name} {value} needs {wanted}, found {named}")
    return found


def _row(item: Returned, codebook: Codebook, now: datetime) -> dict[str, Any]:
    data, shown = item.data, item.data.get("shown") or {}
    labels = {task: item.answers[task] for task in codebook.task_names}
    row: dict[str, Any] = {
        "id": data["unit"],
        "article": data["article"],
        "part": data.get("part") or "body",
        "sentence": int(data["sentence"]),
        "start": _whole(data.get("start")),
        "end": _whole(data.get("end")),
        "sha1": data["sha1"],
        codebook.text_column: data["text"],
        **{name: data.get(name) or None for name in ORIGIN},
        "before": list(data.get("before") or []),
    }
    if codebook.target_column:
        row[codebook.target_column] = data.get("target") or None
    if codebook.attribution:
        row |= {name: item.answers.get(name) or None for name in SPEAKER}
    return (
        row
        | labels
        | {
            "resolution": RESOLUTION,
            "annotator": item.annotator,
            "annotated_at": item.annotated_at or now.astimezone(UTC).isoformat(timespec="seconds"),
            "shown_model": data.get("model") or None,
            "shown": dict(shown),
            "changed": [task for task, value in labels.items() if shown.get(task) != value],
        }
    )


def _whole(value: Any) -> int | None:
    return None if value in (None, "") else int(value)
