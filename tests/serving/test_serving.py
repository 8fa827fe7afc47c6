"""The champion over real HTTP, and the whole registry on a server with PostgreSQL behind it."""

import json
import urllib.error
import urllib.request

import pytest

from stancewire.data.codebook import load_codebook
from stancewire.data.records import validate

pytestmark = pytest.mark.slow
CHAMPION = "models:/stancewire@champion"
TEXT = "The ministry said on Monday that its aircraft had hit nine targets. Residents said that a market was struck."


def post(base: str, body: bytes | dict, kind: str = "application/json") -> tuple[int, object]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/invocations", data, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def crown(servers, tracking, folder):
    """Train the quickest config and make it the first champion, by the commands that people use."""
    uri = servers.script(
        servers.root / "train.py", servers.root / "configs" / "majority.yaml", tracking=tracking, cwd=folder
    ).split()[-1]
    gate = [servers.root / "evaluate.py", uri, "--against", CHAMPION, "--promote"]
    assert "there was no champion yet" in servers.script(*gate, tracking=tracking, cwd=folder)
    return uri


@pytest.fixture(scope="module")
def served(servers, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    tracking = f"sqlite:///{folder / 'mlflow.db'}"
    crown(servers, tracking, folder)
    with servers.model(CHAMPION, tracking, folder) as base:
        yield base


def test_articles_come_back_as_records(served):
    rows = [{"id": "a", "title": "Aircraft hit targets", "text": TEXT}, {"id": "b", "text": "Talks go on."}]
    status, reply = post(served, {"dataframe_records": rows})
    assert status == 200
    records = reply["predictions"]
    codebook = load_codebook()
    for record in records:
        validate(record, codebook)
    assert [(record["article_id"], record["part"], record["sentence"]) for record in records] == [
        ("a", "title", 0), ("a", "body", 1), ("a", "body", 2), ("b", "body", 0),
    ]  # fmt: skip
    for record in records:
        source = next(row for row in rows if row["id"] == record["article_id"])
        text = source["title"] if record["part"] == "title" else source["text"]
        assert text[record["start"] : record["end"]] == record["text"]


def test_rows_are_sentences_where_asked(served):
    status, reply = post(served, {"dataframe_records": [{"text": TEXT}], "params": {"unit": "row"}})
    assert status == 200
    assert [record["text"] for record in reply["predictions"]] == [TEXT]


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"{broken", "application/json", "JSON"),
        ({"dataframe_records": [{"headline": "no text"}]}, "application/json", "text"),
        ({"dataframe_records": [{"text": 7}]}, "application/json", "expected text, found 7"),
        ({"dataframe_records": [{"text": "  "}]}, "application/json", "expected text"),
        ({"dataframe_records": [{"text": TEXT}], "params": {"unit": "word"}}, "application/json", "unit"),
        ({"rows": []}, "application/json", "dataframe"),
        (b"text\nhello", "text/plain", "content type"),
    ],
)
def test_bad_bodies_are_refused_and_the_server_lives(served, body, kind, said):
    status, reply = post(served, body, kind)
    assert 400 <= status < 500, (status, reply)
    assert said.lower() in str(reply).lower()
    assert post(served, {"dataframe_records": [{"text": "Still here."}]})[0] == 200


def test_an_empty_table_has_no_records(served):
    status, reply = post(served, {"dataframe_split": {"columns": ["text"], "data": []}})
    assert (status, reply["predictions"]) == (200, [])


def test_everything_on_a_server_with_postgresql(servers, tracking_server, postgres, tmp_path):
    """Train, gate, annotate and serve with nothing local but the code; the rows stand in PostgreSQL."""
    import psycopg2

    uri = crown(servers, tracking_server, tmp_path)
    again = servers.script(
        servers.root / "train.py", servers.root / "configs" / "majority.yaml", tracking=tracking_server, cwd=tmp_path
    ).split()[-1]
    assert (uri, again) == ("models:/stancewire/1", "models:/stancewire/2")
    refused = servers.script(
        servers.root / "evaluate.py", again, "--against", CHAMPION, "--promote", tracking=tracking_server, cwd=tmp_path
    )
    assert "does not pass the gate" in refused
    assert "no task is better" in refused
    with psycopg2.connect(postgres.replace("+psycopg2", "")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT version FROM registered_model_aliases WHERE name = 'stancewire' AND alias = 'champion'")
        assert [int(row[0]) for row in cursor.fetchall()] == [1]
        cursor.execute(
            "SELECT value FROM model_version_tags WHERE name = 'stancewire' AND version = 2 AND key = 'gate.decision'"
        )
        assert cursor.fetchall() == [("refused",)]
        cursor.execute("SELECT count(*) FROM registered_models WHERE name = 'stancewire.lock'")
        assert cursor.fetchone() == (0,)
    assert not list(tmp_path.glob("mlruns*")) and not list(tmp_path.glob("mlflow.db*"))
    with servers.model(CHAMPION, tracking_server, tmp_path) as base:
        assert post(base, {"dataframe_records": [{"text": TEXT}]})[0] == 200
