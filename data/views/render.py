"""Pages from templates, styles and scripts; each page names by Content-Security-Policy the only scripts that it
runs."""

import base64
import hashlib
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stancewire.data.codebook import Codebook
from stancewire.data.views.payload import Json
from stancewire.data.views.roles import Roles
from stancewire.data.views.safety import embedded_json, visible

_HERE = Path(__file__).parent
SHARED_SCRIPT = "article.js"
SHARED_STYLE = "article.css"
_READER = ("core.js", "reader.js")
_REPORT = (
    *_READER,
    "charts.js",
    "overview.js",
    "actors.js",
    "timeline.js",
    "outlets.js",
    "articles.js",
    "network.js",
    "main.js",
)


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = FileSystemLoader(_HERE / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def asset(name: str) -> str:
    """Return the text of a file under ``assets/``."""
    return (_HERE / "assets" / name).read_text(encoding="utf-8")


def codebook_payload(codebook: Codebook) -> Json:
    """Return what the scripts know of the codebook."""
    tasks = [
        {
            "name": task.name,
            "title": visible(task.title),
            "role": task.role,
            "blank": task.names.index(task.unattributed) if task.unattributed else -1,
            "values": [
                {
                    "name": v.name,
                    "definition": visible(v.definition),
                    "colour": v.colour,
                    "mark": visible(v.mark),
                    "polarity": v.polarity,
                }
                for v in task.values
            ],
        }
        for task in codebook.tasks
    ]
    return {
        "name": visible(codebook.name),
        "language": codebook.language,
        "roles": Roles(codebook).positions(),
        "tasks": tasks,
    }


def report_page(title: str, language: str, data: Json) -> str:
    """Return the report as one HTML page that asks for nothing else."""
    vendor = (_HERE / "vendor" / "echarts.min.js").read_text(encoding="utf-8")
    own = _scripts(_REPORT)
    return (
        _templates()
        .get_template("report.html")
        .render(
            title=visible(title),
            language=language,
            style=asset("base.css") + asset("report.css"),
            vendor=vendor,
            script=own,
            hashes=[_hash(vendor), _hash(own)],
            data=embedded_json(data),
        )
    )


def article_page(title: str, language: str, back: str, data: Json) -> str:
    """Return one article's page; it uses the two shared files beside it."""
    return (
        _templates()
        .get_template("article.html")
        .render(
            title=visible(title),
            language=language,
            back=back,
            data=embedded_json(data),
            script=SHARED_SCRIPT,
            style=SHARED_STYLE,
        )
    )


def shared_files(codebook: Codebook) -> dict[str, str]:
    """Return the files that all article pages use, by name."""
    known = f"window.STANCEWIRE_CODEBOOK={embedded_json(codebook_payload(codebook))};\n"
    return {SHARED_SCRIPT: known + _scripts((*_READER, "page.js")), SHARED_STYLE: asset("base.css")}


def _scripts(names: tuple[str, ...]) -> str:
    body = "\n".join(asset(name) for name in names)
    return f"(function () {{\n'use strict';\n{body}\n}})();\n"


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
