"""Label Studio: the labelling interface made from the codebook, tasks with predictions, and what annotators send back.

Task format: https://labelstud.io/guide/tasks ; predictions: https://labelstud.io/guide/predictions ; exports: JSON and JSON_MIN.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from stancewire.data.codebook import Codebook, Task
from stancewire.data.errors import DataError
from stancewire.data.review.item import ORIGIN, Item
from stancewire.data.review.returned import Returned

TEXT = "text"
NAME, MENTION = "speaker", "speaker_mention"
MENTION_LABEL = "mention"
_HEADINGS = (("title", "Title"), ("before", "Before this sentence"), ("target", "Target"))


def labelling_config(codebook: Codebook) -> str:
    """Return the XML of the labelling interface: context, the sentence, one required choice a task, the speaker's name."""
    view = ET.Element("View")
    for column, heading in _HEADINGS:
        if column != "target" or codebook.target_column:
            ET.SubElement(view, "Header", value=heading, size="5")
            ET.SubElement(view, "Text", name=f"shown_{column}", value=f"${column}")
    ET.SubElement(view, "Header", value="Sentence", size="4")
    if codebook.attribution:
        marks = ET.SubElement(view, "Labels", name=MENTION, toName=TEXT)
        ET.SubElement(marks, "Label", value=MENTION_LABEL, background="#ffd166")
    ET.SubElement(view, "Text", name=TEXT, value=f"${TEXT}", granularity="symbol")
    if codebook.attribution:
        ET.SubElement(view, "Header", value="Speaker's name, empty where nobody is cited", size="5")
        ET.SubElement(view, "TextArea", name=NAME, toName=TEXT, maxSubmissions="1", editable="true")
    for task in codebook.tasks:
        ET.SubElement(view, "Header", value=task.title, size="5")
        view.append(_choices(task))
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _choices(task: Task) -> ET.Element:
    choices = ET.Element(
        "Choices", name=task.name, toName=TEXT, choice="single-radio", required="true", showInline="true",
        requiredMessage=f"{task.title}: choose one value",
    )  # fmt: skip
    for value in task.values:
        ET.SubElement(choices, "Choice", value=value.name, hint=value.definition)
    return choices


def tasks_of(items: Iterable[Item], codebook: Codebook) -> list[dict[str, Any]]:
    """Return Label Studio tasks; ``data`` carries all that the import needs, ``predictions`` what the model said."""
    return [{"data": _data(item), "predictions": [_prediction(item, codebook)]} for item in items]


def write_label_studio(items: Sequence[Item], codebook: Codebook, folder: Path) -> list[Path]:
    """Write ``tasks.json`` and ``labelling.xml`` into ``folder``; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    config, tasks = folder / "labelling.xml", folder / "tasks.json"
    config.write_text(labelling_config(codebook), encoding="utf-8")
    tasks.write_text(json.dumps(tasks_of(items, codebook), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [tasks, config]


def _data(item: Item) -> dict[str, Any]:
    return {
        "unit": item.unit,
        "article": item.article,
        "part": item.part,
        "sentence": item.sentence,
        "start": item.start,
        "end": item.end,
        "sha1": item.sha1,
        TEXT: item.text,
        "before": " ".join(item.before),
        "context": list(item.before),
        **{name: item.origin[name] or "" for name in ORIGIN},
        "target": item.target or "",
        "model": item.model or "",
        "shown": dict(item.shown),
        "score": item.score,
    }


def _prediction(item: Item, codebook: Codebook) -> dict[str, Any]:
    result = [
        _region(item, task.name, "choices", {"choices": [item.shown[task.name]]}, item.confidence.get(task.name))
        for task in codebook.tasks
        if task.name in item.shown
    ]
    if codebook.attribution and item.speaker:
        result.append(_region(item, NAME, "textarea", {"text": [item.speaker]}))
        if item.mention and item.mention_at is not None:
            span = {"start": item.mention_at, "end": item.mention_at + len(item.mention)}
            result.append(_region(item, MENTION, "labels", {**span, "text": item.mention, "labels": [MENTION_LABEL]}))
    return {
        "model_version": item.model or "unknown",
        "score": min(item.confidence.values(), default=0.0),
        "result": result,
    }


def _region(item: Item, name: str, kind: str, value: dict[str, Any], score: float | None = None) -> dict[str, Any]:
    region = {"id": f"{item.sha1}-{name}", "from_name": name, "to_name": TEXT, "type": kind, "value": value}
    return region if score is None else {**region, "score": score}


def read_label_studio(path: Path, codebook: Codebook) -> Iterator[Returned]:
    """Yield what each annotator sent for each task, from an export as JSON or JSON_MIN; skipped tasks give nothing.

    DataError names the file and the task where the export has another shape.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: expected a Label Studio export (JSON or JSON_MIN): {error}") from error
    if not isinstance(tasks, list):
        raise DataError(f"{path}: expected a list of tasks, found {type(tasks).__name__}; export as JSON or JSON_MIN")
    for number, task in enumerate(tasks, 1):
        where = f"{path} task {number}"
        if not isinstance(task, dict):
            raise DataError(f"{where}: expected an object, found {type(task).__name__}")
        if "data" in task:
            yield from _full(task, codebook, where)
        elif "annotation_id" in task or "annotator" in task:
            yield _returned(task, _flat_answers(task, codebook), task, where)


def _full(task: Mapping[str, Any], codebook: Codebook, where: str) -> Iterator[Returned]:
    for annotation in task.get("annotations") or []:
        if annotation.get("was_cancelled") or annotation.get("skipped"):
            continue
        answers: dict[str, Any] = {}
        for region in annotation.get("result") or []:
            name = region.get("from_name")
            if name in answers:
                raise DataError(f"{where}: {name}: expected one answer, found several; keep one and export again")
            answers[name] = _value(region.get("value") or {}, task["data"].get(TEXT, ""))
        yield _returned(task["data"], {name: answers.get(name) for name in _names(codebook)}, annotation, where)


def _value(value: Mapping[str, Any], text: str) -> Any:
    if "choices" in value:
        return _single(value["choices"])
    if "labels" in value:
        return value.get("text") or text[int(value["start"]) : int(value["end"])]
    return _single(value.get("text"))


def _flat_answers(task: Mapping[str, Any], codebook: Codebook) -> dict[str, Any]:
    """Read JSON_MIN, where one answer stands as text and several as a list or as ``{"choices": [...]}``."""
    answers = {}
    for name in _names(codebook):
        given = task.get(name)
        while isinstance(given, list) and len(given) == 1:
            given = given[0]
        answers[name] = _value(given, str(task.get(TEXT, ""))) if isinstance(given, dict) else given
    return answers


def _single(values: Any) -> Any:
    return values[0] if isinstance(values, list) and len(values) == 1 else values


def _names(codebook: Codebook) -> list[str]:
    return [*codebook.task_names, *((NAME, MENTION) if codebook.attribution else ())]


def _returned(
    data: Mapping[str, Any], answers: Mapping[str, Any], annotation: Mapping[str, Any], where: str
) -> Returned:
    who = annotation.get("completed_by", annotation.get("annotator"))
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    when = annotation.get("updated_at") or annotation.get("created_at")
    shown = data.get("shown") or {}
    return Returned(
        where=where,
        data={**data, "before": data.get("context") or [], "shown": shown},
        answers=answers,
        annotator=None if who in (None, "") else str(who),
        annotated_at=None if when in (None, "") else str(when),
    )
