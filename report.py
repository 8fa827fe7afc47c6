"""Records that ``annotate.py`` wrote, shown: the report and the discourse network.

Example::

    python report.py out/annotations.jsonl --output out/report
    python report.py out/store --output out/2016 --from 2016-01-01 --to 2016-12-31 --actors group
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from stancewire.data.codebook import load_codebook
from stancewire.data.errors import ConfigError, StancewireError
from stancewire.data.views.meta import ReportMeta, load_meta
from stancewire.data.views.network import NetworkSettings
from stancewire.data.views.network_files import write_networks
from stancewire.data.views.report import write_report


def main(arguments: Sequence[str] | None = None) -> int:
    """Write report and networks; return the exit code (0 done, 2 the call is wrong, 1 the records are)."""
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except ConfigError as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 2
    except StancewireError as error:
        print(f"report.py: {error}", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace) -> None:
    for path in options.records:
        if not path.exists():
            raise ConfigError(
                f"{path}: no such file or folder; expected records of annotate.py (JSON lines, CSV, Parquet)"
            )
    codebook = load_codebook(options.codebook)
    settings = NetworkSettings(
        actors=options.actors,
        concept=options.concept,
        duplicates=options.duplicates,
        start=_day(options.start),
        end=_day(options.end),
        join_names=not options.names_as_written,
    )
    done = write_report(options.records, options.output / "report.html", _meta(options), codebook)
    pages = f", {done.pages} article pages in {done.files}" if done.files else ""
    print(f"{done.report}: {done.articles} articles, {done.sentences} sentences, {done.size / 1e6:.1f} MB{pages}")
    if not options.no_network:
        folder = options.output / "network"
        found = write_networks(options.records, folder, codebook, settings, not options.no_normalise)
        print(f"{folder}: {found.statements} statements, {found.actors} actors, {found.concepts} concepts")


def _meta(options: argparse.Namespace) -> ReportMeta:
    """Read --meta, and count rejected articles in the file that annotate.py leaves beside its records."""
    meta = load_meta(options.meta) if options.meta else ReportMeta()
    changes: dict[str, object] = {"title": options.title} if options.title else {}
    if not meta.rejected:
        reasons: Counter[str] = Counter()
        for path in options.records:
            reasons.update(_rejected(path.with_name(f"{path.name}.rejected.jsonl")))
        changes["rejected"] = dict(reasons)
    if options.names_as_written:
        changes["join_names"] = False
    return meta.model_copy(update=changes)


def _rejected(path: Path) -> list[str]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return [str(json.loads(line).get("reason", "unknown")) for line in lines if line.strip()]
    except (json.JSONDecodeError, AttributeError) as error:
        raise ConfigError(f"{path}: expected JSON lines with a reason each ({error})") from error


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigError(f"expected a day like 2016-01-31, found {text!r}") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="report.py",
        description="Show records: one HTML report, and the discourse network for network and statistics tools.",
        epilog="example: python report.py out/annotations.jsonl --output out/report",
    )
    parser.add_argument("records", nargs="+", type=Path, help="JSON lines, CSV, Parquet, or a folder of Parquet")
    parser.add_argument("--output", required=True, type=Path, metavar="DIR", help="folder to write into")
    parser.add_argument("--codebook", type=Path, help="codebook of the records (default: the project's own)")
    parser.add_argument("--meta", type=Path, help="JSON: title, model, quality, measured_on, rejected, note")
    parser.add_argument("--title", help="title of the report")
    parser.add_argument("--names-as-written", action="store_true", help="do not join spellings of known names")
    network = parser.add_argument_group("network")
    network.add_argument("--actors", choices=("speaker", "group"), default="speaker", help="who the actors are")
    network.add_argument(
        "--concept", metavar="COLUMN", help="column with concepts (default: claim type, side as qualifier)"
    )
    network.add_argument("--from", dest="start", metavar="DAY", help="first day of the time window, 2016-01-31")
    network.add_argument("--to", dest="end", metavar="DAY", help="last day of the time window")
    network.add_argument(
        "--duplicates",
        choices=("include", "document", "range"),
        default="document",
        help="count an actor's repeated statement each time, once per article (default), or once in all",
    )
    network.add_argument("--no-normalise", action="store_true", help="do not divide by the pair's average activity")
    network.add_argument("--no-network", action="store_true", help="write the report only")
    return parser


if __name__ == "__main__":
    sys.exit(main())
