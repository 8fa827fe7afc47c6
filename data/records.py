"""The record: one flat object a sentence. Fields, JSON Schema, Arrow schema and checks all follow from the codebook.

``python -m stancewire.data.records`` prints the JSON Schema of the default codebook: ``data/record.schema.json``.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeGuard

import pyarrow as pa

from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.errors import DataError

SCHEMA_VERSION = 1

Kind = Literal["string", "integer", "number", "boolean", "probabilities"]
Record = Mapping[str, Any]

_ARROW = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "probabilities": pa.map_(pa.string(), pa.map_(pa.string(), pa.float64())),
}
_PYTHON: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "probabilities": Mapping,
}


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of the record. ``values`` lists what a label may be, in the codebook's order; empty where free."""

    name: str
    kind: Kind
    meaning: str
    nullable: bool = False
    values: tuple[str, ...] = ()


@lru_cache(maxsize=16)
def record_fields(codebook: Codebook) -> tuple[RecordField, ...]:
    """Return the record's fields in their order: the order of keys, of CSV columns and of Parquet columns."""
    context = (*_article_fields(), *_target_fields(codebook), *_speaker_fields(codebook))
    return (*context, *_label_fields(codebook), *_closing_fields())


def csv_header(codebook: Codebook) -> list[str]:
    """Return the names of the record's fields in order."""
    return [field.name for field in record_fields(codebook)]


def arrow_schema(codebook: Codebook) -> pa.Schema:
    """Return the Parquet schema; ``probabilities`` is map<string, map<string, double>>."""
    return pa.schema([pa.field(one.name, _ARROW[one.kind], one.nullable) for one in record_fields(codebook)])


def json_schema(codebook: Codebook) -> dict[str, Any]:
    """Return the record's JSON Schema (draft 2020-12): every field required, no other allowed."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{codebook.name} record, version {SCHEMA_VERSION}",
        "type": "object",
        "properties": {field.name: _property(field, codebook) for field in record_fields(codebook)},
        "required": csv_header(codebook),
        "additionalProperties": False,
    }


def validate(record: Record, codebook: Codebook) -> None:
    """Check types, values and offsets of one record; DataError names the field, the expectation and the finding."""
    fields = record_fields(codebook)
    names = {field.name for field in fields}
    if record.keys() != names:
        missing, unknown = sorted(names - record.keys()), sorted(record.keys() - names)
        raise DataError(f"record: missing {missing or 'none'}, unknown {unknown or 'none'}")
    for field in fields:
        _check_value(field, record[field.name])
    _check_offsets(record)
    _check_probabilities(record["probabilities"], codebook)


def _article_fields() -> tuple[RecordField, ...]:
    return (
        RecordField("article_id", "string", "the article's id, given or derived from its content"),
        RecordField("title", "string", "from the input", nullable=True),
        RecordField("source", "string", "from the input", nullable=True),
        RecordField("published", "string", "from the input, ISO 8601", nullable=True),
        RecordField("url", "string", "from the input", nullable=True),
        RecordField("part", "string", "where the sentence stands", values=("title", "body")),
        RecordField("sentence", "integer", "0-based, in order, per article"),
        RecordField("text", "string", "the sentence"),
        RecordField("start", "integer", "offset in title or text, in Unicode code points"),
        RecordField("end", "integer", "offset, exclusive: article[part][start:end] == text"),
    )


def _target_fields(codebook: Codebook) -> tuple[RecordField, ...]:
    if codebook.target_column is None:
        return ()
    return (RecordField(codebook.target_column, "string", "what the text is about, from the input", nullable=True),)


def _speaker_fields(codebook: Codebook) -> tuple[RecordField, ...]:
    if not codebook.attribution:
        return ()
    return (
        RecordField("speaker", "string", "the source's name, resolved within the article", nullable=True),
        RecordField("speaker_mention", "string", "the substring of the sentence that names the source", nullable=True),
        RecordField("mention_start", "integer", "offset of the mention, counted as start", nullable=True),
        RecordField("mention_end", "integer", "offset of the mention, exclusive", nullable=True),
    )


def _label_fields(codebook: Codebook) -> tuple[RecordField, ...]:
    labels = [RecordField(task.name, "string", task.title, values=task.names) for task in codebook.tasks]
    sure = [
        RecordField(f"{task.name}_probability", "number", f"calibrated, of the value in {task.name}")
        for task in codebook.tasks
        if task.probability
    ]
    return (*labels, *sure)


def _closing_fields() -> tuple[RecordField, ...]:
    return (
        RecordField("probabilities", "probabilities", "task to value to probability"),
        RecordField("needs_review", "boolean", "the model abstains: a person should look"),
        RecordField("duplicate_of", "string", "the article that this one repeats", nullable=True),
        RecordField("model", "string", "model URI with its version"),
        RecordField("schema_version", "integer", "version of this schema"),
    )


def _property(field: RecordField, codebook: Codebook) -> dict[str, Any]:
    if field.kind == "probabilities":
        return _probabilities_property(field, codebook)
    rule: dict[str, Any] = {
        "description": field.meaning,
        "type": [field.kind, "null"] if field.nullable else field.kind,
    }
    if field.values:
        rule["enum"] = list(field.values)
    if field.kind in ("integer", "number"):
        rule["minimum"] = 0
    if field.kind == "number":
        rule["maximum"] = 1
    if field.name == "schema_version":
        rule["const"] = SCHEMA_VERSION
    return rule


def _probabilities_property(field: RecordField, codebook: Codebook) -> dict[str, Any]:
    share = {"type": "number", "minimum": 0, "maximum": 1}
    tasks = {
        task.name: {
            "type": "object",
            "properties": dict.fromkeys(task.names, share),
            "required": list(task.names),
            "additionalProperties": False,
        }
        for task in codebook.tasks
    }
    return {
        "description": field.meaning,
        "type": "object",
        "properties": tasks,
        "required": [task.name for task in codebook.tasks if task.probability],
        "additionalProperties": False,
    }


def _check_value(field: RecordField, value: object) -> None:
    if value is None and field.nullable:
        return
    if not isinstance(value, _PYTHON[field.kind]) or (isinstance(value, bool) and field.kind != "boolean"):
        raise DataError(f"record: {field.name}: expected {field.kind}, found {value!r:.80}")
    if field.values and value not in field.values:
        raise DataError(f"record: {field.name}: expected one of {', '.join(field.values)}, found {value!r}")
    if field.kind == "number" and not _is_share(value):
        raise DataError(f"record: {field.name}: expected 0 to 1, found {value!r}")
    if field.kind == "integer" and isinstance(value, int) and value < 0:
        raise DataError(f"record: {field.name}: expected 0 or more, found {value!r}")


def _check_offsets(record: Record) -> None:
    text, start, end = record["text"], record["start"], record["end"]
    if not text or end - start != len(text):
        raise DataError(f"record: {start} to {end} is not the length of its text, {len(text)} code points")
    mention = record.get("speaker_mention")
    if mention is None:
        return
    first, last = record["mention_start"], record["mention_end"]
    if first is None or last is None or text[first - start : last - start] != mention or first < start:
        raise DataError(f"record: mention_start, mention_end: {first} to {last} is not where {mention!r} stands")


def _check_probabilities(found: Mapping[str, Mapping[str, float]], codebook: Codebook) -> None:
    for task in codebook.tasks:
        if task.name not in found and not task.probability:
            continue
        shares = found.get(task.name, {})
        if set(shares) != set(task.names) or not all(_is_share(share) for share in shares.values()):
            raise DataError(f"record: probabilities: {task.name}: expected 0 to 1 for each of {', '.join(task.names)}")
    if unknown := sorted(set(found) - set(codebook.task_names)):
        raise DataError(f"record: probabilities: the codebook has no task {', '.join(unknown)}")


def _is_share(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and 0 <= value <= 1


def schema_text() -> str:
    """Return the default codebook's record schema as the committed file has it."""
    return json.dumps(json_schema(load_codebook()), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
