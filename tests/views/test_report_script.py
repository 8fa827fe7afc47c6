import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("report_script", ROOT / "report.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def records(gold: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "r.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in gold[:300]), encoding="utf-8")
    rejected = [{"reason": "empty"}, {"reason": "empty"}, {"reason": "too_long", "detail": "x"}]
    lines = "".join(json.dumps(row) + "\n" for row in rejected)
    path.with_name("r.jsonl.rejected.jsonl").write_text(lines, encoding="utf-8")
    return path


def test_one_call_writes_report_and_networks(records: Path, tmp_path: Path) -> None:
    options = ["--output", str(tmp_path), "--actors", "group", "--from", "2015-10-01", "--title", "Autumn"]
    call = [sys.executable, "report.py", str(records), *options]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<title>Autumn</title>" in page
    assert '"rejected":{"empty":2,"too_long":1}' in page
    assert (tmp_path / "network" / "congruence.graphml").is_file()
    assert "300 sentences" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.jsonl"], "absent.jsonl: no such file"),
        (["report.py", "--from", "yesterday"], "expected a day like 2016-01-31, found 'yesterday'"),
        (["report.py", "--meta", "absent.json"], "absent.json: cannot be read"),
    ],
)
def test_wrong_calls_end_with_one_line_and_code_two(
    arguments: list[str],
    message: str,
    script: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    existing = [str(ROOT / name) if name == "report.py" else name for name in arguments]
    assert script.main([*existing, "--output", str(tmp_path)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert message in lines[0]


def test_records_that_break_the_interface_end_with_code_one(
    script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"article_id": "a", "sentence": 0}\n', encoding="utf-8")
    assert script.main([str(bad), "--output", str(tmp_path / "out")]) == 1
    assert "bad.jsonl:1: no text" in capsys.readouterr().err
