import csv
import json
from datetime import UTC, datetime

import pytest
from label_studio_sdk.converter import Converter
from label_studio_sdk.label_interface import LabelInterface

from stancewire.data.annotation_files import load_annotation_files
from stancewire.data.codebook import Codebook
from stancewire.data.corpus import load_corpus
from stancewire.data.errors import ConfigError, DataError
from stancewire.data.review.label_studio import labelling_config
from stancewire.data.review.queue import Export, export, import_review
from stancewire.features.examples import corpus_examples

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def exported(records, codebook, write_records, tmp_path):
    request = Export((write_records(records),), budget=25, seed=1)
    paths, items = export(request, codebook, "label-studio", tmp_path / "review")
    return paths, items


def _annotated(path, who="ana@example.org"):
    """Accept every prediction, as pressing Submit does, but give the last task of the first unit another value."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for number, task in enumerate(tasks, 1):
        result = json.loads(json.dumps(task["predictions"][0]["result"]))
        task["id"] = number
        task["annotations"] = [
            {"id": 100 + number, "completed_by": {"id": 7, "email": who}, "result": result, "was_cancelled": False,
             "created_at": "2026-01-04T10:00:00Z", "updated_at": "2026-01-04T10:05:00Z", "lead_time": 3.5}
        ]  # fmt: skip
    return tasks


def _relabel(task, name, value):
    for region in task["annotations"][0]["result"]:
        if region["from_name"] == name:
            region["value"] = {"choices": [value]}


def test_the_sdk_accepts_interface_tasks_and_predictions(exported):
    (tasks_path, config_path), items = exported
    interface = LabelInterface(config_path.read_text(encoding="utf-8"))
    interface.validate()
    tasks = json.loads(tasks_path.read_text(encoding="utf-8"))
    assert len(tasks) == len(items) == 25
    for task in tasks:
        assert interface.validate_task({"data": task["data"]})
        assert interface.validate_prediction(task["predictions"][0], return_errors=True) == []


def test_the_interface_offers_exactly_the_codebook(codebook):
    interface = LabelInterface(labelling_config(codebook))
    for task in codebook.tasks:
        assert list(interface.get_control(task.name).labels) == list(task.names)


@pytest.mark.parametrize("form", ["JSON", "JSON_MIN"])
def test_what_label_studio_exports_comes_back_as_annotations(exported, codebook, tmp_path, form):
    (tasks_path, config_path), items = exported
    tasks = _annotated(tasks_path)
    last = codebook.tasks[-1]
    other = next(name for name in last.names if name != items[0].shown[last.name])
    _relabel(tasks[0], last.name, other)
    given = tmp_path / "project.json"
    given.write_text(json.dumps(tasks), encoding="utf-8")
    converter = Converter(config_path.read_text(encoding="utf-8"), str(tmp_path))
    converter.convert(str(given), str(tmp_path / form), form, is_dir=False)

    done = import_review(tmp_path / form / "result.json", codebook, tmp_path / "reviewed.jsonl", NOW)
    assert (done.rows, done.changed) == (25, 1)
    rows = {row["id"]: row for row in map(json.loads, done.path.read_text(encoding="utf-8").splitlines())}
    corrected = rows[items[0].unit]
    assert corrected[last.name] == other
    assert corrected["changed"] == [last.name]
    assert corrected["shown"][last.name] == items[0].shown[last.name]
    assert corrected["shown_model"] == "models:/stancewire/3"
    assert corrected["annotator"] == "ana@example.org"
    assert corrected["annotated_at"] == "2026-01-04T10:05:00Z"
    for item in items[1:]:
        row = rows[item.unit]
        assert {task: row[task] for task in item.shown} == item.shown
        assert (row["speaker"], row["speaker_mention"], row["text"]) == (item.speaker, item.mention, item.text)
        assert row["before"] == list(item.before)

    loaded = load_corpus(done.path, codebook, articles=None)
    assert {row.id: row.text for row in loaded.sentences} == {item.unit: item.text for item in items}


def test_a_sample_answer_made_by_the_sdk_is_read(exported, codebook, tmp_path):
    """Labels in an order and shape that this project did not choose."""
    (tasks_path, config_path), _ = exported
    sample = LabelInterface(config_path.read_text(encoding="utf-8")).generate_sample_annotation()
    answered = [region for region in sample["result"] if region["type"] == "choices"]
    assert {region["from_name"] for region in answered} == set(codebook.task_names)
    task = json.loads(tasks_path.read_text(encoding="utf-8"))[0]
    nobody = {task.name: task.unattributed for task in codebook.tasks if task.unattributed}
    for region in answered:
        region["value"]["choices"] = [nobody.get(region["from_name"], region["value"]["choices"][0])]
    task["annotations"] = [{**sample, "result": answered, "completed_by": 3}]
    given = tmp_path / "one.json"
    given.write_text(json.dumps([task]), encoding="utf-8")
    assert import_review(given, codebook, tmp_path / "one.jsonl", NOW).rows == 1


def test_skipped_and_open_tasks_are_left_for_later(exported, codebook, tmp_path):
    tasks = _annotated(exported[0][0])
    tasks[0]["annotations"][0]["was_cancelled"] = True
    tasks[1]["annotations"] = []
    given = tmp_path / "project.json"
    given.write_text(json.dumps(tasks), encoding="utf-8")
    assert import_review(given, codebook, tmp_path / "reviewed.jsonl", NOW).rows == 23


def test_every_problem_is_listed_and_nothing_is_written(exported, codebook, tmp_path):
    tasks = _annotated(exported[0][0])
    name = codebook.task_names[-1]
    tasks[0]["data"]["text"] += " indeed"
    _relabel(tasks[1], name, "perhaps")
    tasks[2]["annotations"][0]["result"] = [
        row for row in tasks[2]["annotations"][0]["result"] if row["from_name"] != name
    ]
    given = tmp_path / "project.json"
    given.write_text(json.dumps(tasks), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        import_review(given, codebook, tmp_path / "reviewed.jsonl", NOW)
    message = str(caught.value)
    assert "task 1: " in message and "the sentence was changed" in message
    assert f"{name}: expected one of" in message and "found 'perhaps'" in message and "found nothing" in message
    assert not (tmp_path / "reviewed.jsonl").exists()


def test_speaker_and_labels_must_agree(exported, codebook, tmp_path):
    tasks = _annotated(exported[0][0])
    speaks = next(
        task for task in tasks if any(row["from_name"] == "speaker" for row in task["predictions"][0]["result"])
    )
    kept = [
        row
        for row in speaks["annotations"][0]["result"]
        if not row["from_name"].startswith("speaker") or "choices" in row["value"]
    ]
    speaks["annotations"][0]["result"] = kept
    given = tmp_path / "project.json"
    given.write_text(json.dumps([speaks]), encoding="utf-8")
    with pytest.raises(DataError, match="needs a speaker's name, found none"):
        import_review(given, codebook, tmp_path / "reviewed.jsonl", NOW)


def _edit_sheet(path, edit, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    edit(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
        table.writeheader()
        table.writerows(rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_sheet_comes_back_whole_whatever_the_program_puts_between_cells(
    records, codebook, write_records, tmp_path, delimiter
):
    text = '=HYPERLINK("http://example.org"; "x")\n- said "he", twice'
    row = {
        **records[0],
        "text": text,
        "article_id": "@home",
        "speaker": "=cmd",
        "speaker_mention": "he",
        "mention_start": 0,
    }
    row["start"], row["mention_start"] = 0, text.index('he"')
    nobody = {
        task.name: next(v for v in task.names if v != task.unattributed) for task in codebook.tasks if task.unattributed
    }
    request = Export((write_records([{**row, **nobody}]),), budget=5, seed=1)
    paths, items = export(request, codebook, "csv", tmp_path / "review.csv")
    with paths[0].open(encoding="utf-8-sig", newline="") as stream:
        for cells in csv.reader(stream):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    _edit_sheet(paths[0], lambda rows: rows[0].update(annotator="Ben"), delimiter)
    done = import_review(paths[0], codebook, tmp_path / "reviewed.jsonl", NOW)
    back = json.loads(done.path.read_text(encoding="utf-8"))
    assert (back["text"], back["article"], back["speaker"]) == (text, "@home", "=cmd")
    assert (back["annotator"], back["annotated_at"]) == ("Ben", "2026-01-05T12:00:00+00:00")
    assert back["sha1"] == items[0].sha1


def test_only_rows_that_somebody_signed_count(records, codebook, write_records, tmp_path):
    paths, _ = export(Export((write_records(records),), 10, 1), codebook, "csv", tmp_path / "review.csv")
    with pytest.raises(DataError, match="no reviewed sentence found"):
        import_review(paths[0], codebook, tmp_path / "reviewed.jsonl", NOW)
    _edit_sheet(paths[0], lambda rows: [row.update(annotator=" Eve ") for row in rows[:4]])
    done = import_review(paths[0], codebook, tmp_path / "reviewed.jsonl", NOW)
    assert (done.rows, done.annotators) == (4, ("Eve",))


def test_an_export_never_overwrites_work_in_progress(records, codebook, write_records, tmp_path):
    request = Export((write_records(records),), 5, 1)
    export(request, codebook, "csv", tmp_path / "review.csv")
    with pytest.raises(ConfigError, match="exists"):
        export(request, codebook, "csv", tmp_path / "review.csv")


def test_nothing_to_review_is_said_and_nothing_written(records, codebook, corpus, write_records, tmp_path):
    request = Export((write_records(records),), 25, 1, tuple(row.text for row in corpus.sentences))
    with pytest.raises(DataError, match="all are annotated already"):
        export(request, codebook, "csv", tmp_path / "review.csv")
    assert not (tmp_path / "review.csv").exists()


def test_a_reviewed_sentence_is_learned_from_in_its_context(exported, corpus, codebook, tmp_path):
    """What the model reads of it in training is what it read in the feed, speaker and sentences before it included."""
    given = tmp_path / "project.json"
    given.write_text(json.dumps(_annotated(exported[0][0])), encoding="utf-8")
    done = import_review(given, codebook, tmp_path / "reviewed.jsonl", NOW)
    learned = corpus_examples(load_corpus(done.path, codebook, articles=None))
    whole = {(row.article, row.input.text): row.input for row in corpus_examples(corpus)}
    same = [whole[row.article, row.input.text].previous == row.input.previous for row in learned]
    assert sum(same) >= 24
    speakers = [whole[row.article, row.input.text].quotation == row.input.quotation for row in learned]
    assert sum(speakers) >= 20
    assert any(row.input.previous for row in learned)


def test_another_codebook_makes_another_interface(tmp_path, write_records):
    codebook = Codebook.model_validate(
        {"name": "mood", "text_column": "tweet", "target_column": "topic",
         "tasks": {"mood": {"title": "Mood <of> it", "values": {"up": {"definition": "a & b"}, "down": {"definition": "c"}}}}}
    )  # fmt: skip
    record = {"article_id": "7", "sentence": 0, "text": "Fine weather", "topic": "rain", "mood": "up",
              "probabilities": {"mood": {"up": 0.6, "down": 0.4}}, "model": "m"}  # fmt: skip
    paths, _ = export(Export((write_records([record]),), 5, 1), codebook, "csv", tmp_path / "review.csv")
    _edit_sheet(paths[0], lambda rows: rows[0].update(annotator="Ben", mood="down"))
    import_review(paths[0], codebook, tmp_path / "reviewed.jsonl", NOW)
    row = json.loads((tmp_path / "reviewed.jsonl").read_text(encoding="utf-8"))
    assert (row["tweet"], row["topic"], row["mood"], "speaker" in row) == ("Fine weather", "rain", "down", False)
    LabelInterface(labelling_config(codebook)).validate()
    loaded = load_annotation_files([tmp_path / "reviewed.jsonl"], codebook).corpus.sentences[0]
    assert (loaded.text, loaded.target) == ("Fine weather", "rain")
