"""The record: its fields and schemas follow from the codebook, and a record that breaks a rule is told apart."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest

from stancewire.data import records
from stancewire.data.codebook import Codebook
from stancewire.data.errors import DataError
from stancewire.data.records import arrow_schema, csv_header, json_schema, record_fields, validate

INTERFACE = [
    "article_id", "title", "source", "published", "url", "part", "sentence", "text", "start", "end",
    "speaker", "speaker_mention", "mention_start", "mention_end", "speaker_group", "quotation", "stance",
    "claim_type", "speaker_group_probability", "stance_probability", "claim_type_probability",
    "probabilities", "needs_review", "duplicate_of", "model", "schema_version",
]  # fmt: skip


def test_the_default_record_has_the_published_fields_in_their_order(codebook: Codebook) -> None:
    assert csv_header(codebook) == INTERFACE
    assert list(json_schema(codebook)["properties"]) == INTERFACE
    assert arrow_schema(codebook).names == INTERFACE


def test_the_published_schema_is_what_the_command_prints() -> None:
    command = [sys.executable, "-m", "stancewire.data.records"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    published = Path(records.__file__).with_name("record.schema.json").read_text(encoding="utf-8")
    assert published == printed
    jsonschema.Draft202012Validator.check_schema(json.loads(published))


def test_a_codebook_without_attribution_has_no_speaker_and_only_its_own_tasks(plain_codebook: Codebook) -> None:
    names = csv_header(plain_codebook)
    assert not {"speaker", "speaker_mention", "mention_start", "mention_end"} & set(names)
    assert names[10:13] == ["colour", "colour_probability", "probabilities"]
    assert json_schema(plain_codebook)["properties"]["colour"]["enum"] == ["red", "blue"]


def test_parquet_types(codebook: Codebook) -> None:
    schema = arrow_schema(codebook)
    assert schema.field("probabilities").type == pa.map_(pa.string(), pa.map_(pa.string(), pa.float64()))
    assert (schema.field("start").type, schema.field("needs_review").type) == (pa.int64(), pa.bool_())
    assert {field.name for field in schema if field.nullable} == {
        field.name for field in record_fields(codebook) if field.nullable
    }


def test_a_good_record_passes_both_checks(codebook: Codebook, plain_codebook: Codebook, make_record: Any) -> None:
    unattributed = make_record(codebook) | dict.fromkeys(
        ("speaker", "speaker_mention", "mention_start", "mention_end", "title")
    )
    for record, book in (
        (make_record(codebook), codebook), (make_record(plain_codebook), plain_codebook), (unattributed, codebook),
    ):  # fmt: skip
        schema = json_schema(book)
        assert set(record) == set(schema["properties"])
        assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(record)] == []
        validate(record, book)  # raises where it finds a fault


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("article_id", None),
        ("article_id", 7),
        ("part", "lead"),
        ("sentence", -1),
        ("sentence", True),
        ("start", 1.5),
        ("stance", "pro"),
        ("stance", None),
        ("stance_probability", 1.2),
        ("stance_probability", "0.5"),
        ("probabilities", {"stance": {"support": 1.0}}),
        ("needs_review", 1),
        ("schema_version", None),
    ],
)
def test_a_wrong_value_fails_both_checks_and_is_named(
    field: str, value: object, codebook: Codebook, make_record: Any
) -> None:
    record = make_record(codebook) | {field: value}
    with pytest.raises(DataError, match=field):
        validate(record, codebook)
    assert not jsonschema.Draft202012Validator(json_schema(codebook)).is_valid(record)


@pytest.mark.parametrize(
    "change", [{"end": 99}, {"text": ""}, {"mention_start": 21}, {"mention_end": None}, {"speaker_mention": "Zoé"}]
)
def test_offsets_that_do_not_fit_the_text_are_refused(
    change: dict[str, object], codebook: Codebook, make_record: Any
) -> None:
    with pytest.raises(DataError, match="record: "):
        validate(make_record(codebook) | change, codebook)


def test_missing_and_unknown_fields_are_named(codebook: Codebook, make_record: Any) -> None:
    record = make_record(codebook)
    del record["stance"]
    with pytest.raises(DataError, match=r"missing \['stance'\], unknown \['annotated_at'\]"):
        validate(record | {"annotated_at": "now"}, codebook)


def test_a_probability_of_an_unknown_task_is_refused(codebook: Codebook, make_record: Any) -> None:
    record = make_record(codebook)
    with pytest.raises(DataError, match="no task mood"):
        validate(record | {"probabilities": record["probabilities"] | {"mood": {}}}, codebook)
