"""Nothing but the codebook knows what is being classified."""

import ast
import csv
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from stancewire.data.codebook import load_codebook
from stancewire.data.records import validate

ROOT = Path(__file__).parents[2]
SOURCES = [
    *ROOT.glob("*.py"),
    *(path for package in ("data", "features", "models") for path in (ROOT / package).rglob("*.py")),
]
# The project's own name, and what the interface fixes for every codebook: the record's speaker fields.
PROJECT = re.compile(r"stancewire", re.IGNORECASE)
FIXED = {"speaker", "speaker_mention"}
# Values that are everyday words of Python or English say nothing about the default codebook.
EVERYDAY = {
    "none",
    "other",
    "report",
    "direct",
    "mixed",
    "indirect",
    "support",
    "neutral",
    "demand",
    "prediction",
    "evaluation",
}


def _words() -> set[str]:
    """Task names, telling value names, and the subject of the default codebook."""
    codebook = load_codebook()
    values = {value for task in codebook.tasks for value in task.names} - EVERYDAY
    return set(codebook.task_names) - {"quotation"} | values | {"stance", "russia", "syria", "intervention"}


def _strings(path: Path) -> list[tuple[int, str]]:
    """Return the code's identifiers and string constants, docstrings aside, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(id(first.value))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            found.append((node.lineno, node.value))
        elif isinstance(node, ast.Name):
            found.append((node.lineno, node.id))
        elif isinstance(node, ast.Attribute):
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.arg):
            found.append((node.lineno, node.arg))
    return found


def test_code_never_spells_the_default_codebook():
    words = sorted(_words() - FIXED)
    pattern = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, words))})(?![a-z])", re.IGNORECASE)
    places = [
        f"{path.relative_to(ROOT)}:{line}: {text[:60]!r}"
        for path in SOURCES
        for line, text in _strings(path)
        if pattern.search(PROJECT.sub("", text))
    ]
    assert not places, "\n".join(places)


def test_the_scan_can_fail(tmp_path):
    path = tmp_path / "bad.py"
    path.write_text('"""Docstring: stance."""\nvalue = record["stance"]\n', encoding="utf-8")
    assert [text for _, text in _strings(path) if "stance" in text] == ["stance"]


def _run(*arguments, cwd, store):
    import os

    environment = {**os.environ, "MLFLOW_TRACKING_URI": store, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def _answer(sheet, truth):
    """Fill a sheet in as a person would; returns the number of rows."""
    with sheet.open(encoding="utf-8-sig", newline="") as stream:
        queue = list(csv.DictReader(stream))
    assert all(item["target"] for item in queue)
    for item in queue:
        item.update(annotator="Kim", mood=truth[item["article"]])
    with sheet.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, list(queue[0]))
        table.writeheader()
        table.writerows(queue)
    return len(queue)


@pytest.fixture
def moods(tmp_path, store, write_posts, codebook_path):
    """The commands over 2,800 invented posts with one task, three labels and a target column."""
    posts = write_posts(tmp_path / "posts.jsonl", 2800, group=1, noise=0.3)
    return Moods(tmp_path, store, posts, codebook_path)


@dataclass(frozen=True)
class Moods:
    folder: Path
    store: str
    posts: Path
    codebook: Path

    def command(self, script, *arguments):
        return _run(ROOT / script, *arguments, cwd=self.folder, store=self.store)

    def train(self, *files, rule=()):
        quick = ("model.c_grid=[4.0]", "model.char_ngrams=[3,3]", "tracking.registered_model=moods", *rule)
        changes = [part for value in quick for part in ("--set", value)]
        data = ["--annotations", self.posts, *files, "--codebook", self.codebook]
        return self.command("train.py", ROOT / "configs" / "tfidf.yaml", *data, *changes).split()[-1]

    def evaluate(self, *arguments):
        return self.command("evaluate.py", *arguments, "--annotations", self.posts, "--codebook", self.codebook)

    def rows(self, number):
        """Return the first posts."""
        return [json.loads(line) for line in self.posts.read_text(encoding="utf-8").splitlines()[:number]]

    def annotate(self, uri, rows):
        """Annotate posts row by row under their own column names; returns the records' file."""
        feed, out = self.folder / "feed.jsonl", self.folder / "out.jsonl"
        feed.write_text(
            "".join(
                json.dumps({"id": row["id"], "post": row["post"] + ". Yes.", "topic": row["topic"]}) + "\n"
                for row in rows
            )
        )
        columns = ["--column", "text=post", "--column", "target=topic"]
        self.command("annotate.py", feed, "--output", out, "--model", uri, "--unit", "row", *columns)
        return out

    def review(self, records, truth):
        """Have 20 posts reviewed; returns the annotation file."""
        sheet, reviewed = self.folder / "sheet.csv", self.folder / "reviewed.jsonl"
        asked = ["--to", "csv", "--budget", "20", "--output", sheet, "--codebook", self.codebook]
        self.command("review.py", "export", records, *asked)
        assert _answer(sheet, truth) == 20
        self.command("review.py", "import", sheet, "--output", reviewed, "--codebook", self.codebook)
        return reviewed


def _check_records(records, rows, codebook):
    assert [record["article_id"] for record in records] == [row["id"] for row in rows]
    assert {record["mood"] for record in records} == {"up", "down", "flat"}
    assert not {"speaker", "stance"} & set(records[0])
    for record, row in zip(records, rows, strict=True):
        validate(record, codebook)
        assert record["topic"] == row["topic"]
    right = sum(record["mood"] == row["mood"] for record, row in zip(records, rows, strict=True))
    assert right / len(rows) > 0.6


@pytest.mark.slow
def test_posts_with_a_target_go_the_whole_way(moods, codebook):
    """Train, evaluate, annotate row by row, review, train again, compare."""
    first = moods.train()
    assert first == "models:/moods/1"
    assert "mood" in json.dumps(json.loads(moods.evaluate(first, "--json")))

    rows = moods.rows(300)
    out = moods.annotate(first, rows)
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    _check_records(records, rows, codebook)

    reviewed = moods.review(out, {row["id"]: row["mood"] for row in rows})
    second = moods.train(reviewed, rule=["data.on_conflict=last"])
    assert second == "models:/moods/2"
    assert f"the gate against {first}" in moods.evaluate(second, "--against", first)
