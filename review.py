"""Review what a model was unsure of, and watch whether a feed still looks like what the model learned from."""

import argparse
import json
import logging
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from stancewire.data.errors import ConfigError, StancewireError

EXAMPLE = """examples:
  python review.py export out/annotations.jsonl --to label-studio --budget 200 --output out/review
  python review.py export out/annotations.jsonl --to csv --budget 50 --output out/review.csv
  python review.py import out/review.csv --output out/reviewed.jsonl
  python review.py drift out/annotations.jsonl
  python review.py simulate
"""
SEED = 20150930
SIMULATED = Path("configs/simulation.yaml")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call or config, 1 anything else)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    args = _parser().parse_args(argv)
    args.given = list(sys.argv[1:] if argv is None else argv)
    try:
        code: int = args.run(args)
    except ConfigError as error:
        print(f"review.py: {error}", file=sys.stderr)
        return 2
    except StancewireError as error:
        print(f"review.py: {error}", file=sys.stderr)
        return 1
    return code


def _export(args: argparse.Namespace) -> int:
    from stancewire.data.annotation_files import load_annotation_files
    from stancewire.data.codebook import load_codebook
    from stancewire.data.corpus import load_corpus
    from stancewire.data.review.queue import Export, export

    codebook = load_codebook(args.codebook)
    known = load_annotation_files(args.annotations, codebook, "first").corpus if args.annotations else None
    if known is None and args.codebook is None:
        known = load_corpus(codebook=codebook)
    texts = tuple(row.text for row in known.sentences) if known else ()
    request = Export(tuple(args.records), args.budget, args.seed, texts)
    suffix = ".csv" if args.to == "csv" else ""
    paths, items = export(request, codebook, args.to, args.output or Path(f"out/review{suffix}"))
    articles = len({item.article for item in items})
    print(f"{len(items)} sentences of {articles} articles for review: {', '.join(map(str, paths))}")
    if args.to == "label-studio":
        print(
            "Label Studio: make a project, paste labelling.xml as its labelling interface, import tasks.json, export as JSON"
        )
    else:
        print(
            "Correct the answers, write your name into the column annotator of each row that you have checked, save as CSV"
        )
    return 0


def _import(args: argparse.Namespace) -> int:
    from stancewire.data.codebook import load_codebook
    from stancewire.data.review.queue import import_review

    done = import_review(args.file, load_codebook(args.codebook), args.output, datetime.now(UTC))
    print(f"{done.rows} annotations by {', '.join(done.annotators)}, {done.changed} unlike the model's: {done.path}")
    return 0


def _drift(args: argparse.Namespace) -> int:
    from stancewire.models.retrain.drift_report import DriftRequest, calibrate_drift, report_drift

    request = DriftRequest(
        records=tuple(args.records),
        annotations=tuple(args.annotations),
        codebook=args.codebook,
        out_of_fold=args.out_of_fold,
        thresholds=args.thresholds,
        seed=args.seed,
    )
    if args.calibrate:
        print(calibrate_drift(request, shlex.join(["python", "review.py", *args.given])))
        return 0
    report = report_drift(request)
    print(report.text)
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report.figures, indent=1) + "\n", encoding="utf-8")
    return 1 if args.strict and report.alarms else 0


def _simulate(args: argparse.Namespace) -> int:
    from stancewire.models.retrain.simulation import Plan, log_simulation, simulate
    from stancewire.models.settings import load_settings
    from stancewire.models.training import prepare_experiment

    settings = load_settings(args.config, args.set)
    plan = Plan(start=args.start, batch=args.batch, repeats=args.repeats)
    found = simulate(settings, prepare_experiment(settings), plan)
    print(found.in_words())
    print(f"run {log_simulation(found, settings)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="review.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_export(commands)
    _add_import(commands)
    _add_drift(commands)
    _add_simulate(commands)
    return parser


def _add_export(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("export", help="choose sentences worth a person's time and write them for annotators")
    parser.add_argument(
        "records",
        nargs="+",
        type=Path,
        metavar="RECORDS",
        help="what annotate.py wrote (.jsonl, .csv, .parquet, folder)",
    )
    parser.add_argument(
        "--to", choices=("label-studio", "csv"), required=True, help="tasks for Label Studio, or a spreadsheet"
    )
    parser.add_argument("--budget", type=int, default=200, help="sentences at most (default %(default)s)")
    parser.add_argument("--output", type=Path, help="new folder (label-studio) or file (csv); default out/review[.csv]")
    parser.add_argument(
        "--annotations", nargs="+", type=Path, default=[], metavar="FILE", help="leave out what these already hold"
    )
    _add_common(parser)
    parser.set_defaults(run=_export)


def _add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("import", help="check what annotators returned and write an annotation file")
    parser.add_argument("file", type=Path, metavar="FILE", help="a Label Studio export (JSON, JSON_MIN) or the sheet")
    parser.add_argument(
        "--output", type=Path, default=Path("out/reviewed.jsonl"), help="annotation file to write (default %(default)s)"
    )
    _add_common(parser)
    parser.set_defaults(run=_import)


def _add_drift(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("drift", help="compare a feed with the training data")
    parser.add_argument("records", nargs="*", type=Path, metavar="RECORDS", help="what annotate.py wrote")
    parser.add_argument(
        "--annotations", nargs="+", type=Path, default=[], metavar="FILE", help="the training data (the seed corpus)"
    )
    parser.add_argument(
        "--out-of-fold", type=Path, metavar="FILE", help="the model's held-out predictions for them (data/oof)"
    )
    parser.add_argument(
        "--thresholds", type=Path, default=Path("configs/drift.yaml"), help="alarm thresholds (default %(default)s)"
    )
    parser.add_argument(
        "--calibrate", action="store_true", help="write the thresholds, from halves of the training data"
    )
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures there too")
    parser.add_argument("--strict", action="store_true", help="exit code 1 where anything raises an alarm")
    _add_common(parser)
    parser.set_defaults(run=_drift)


def _add_simulate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("simulate", help="count the labels that the queue's choice saves against a random one")
    parser.add_argument("config", nargs="?", type=Path, default=SIMULATED, help="what to fit (default %(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override a setting")
    parser.add_argument("--start", type=int, default=50, help="labels at the start (default %(default)s)")
    parser.add_argument("--batch", type=int, default=50, help="labels a round (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=2, help="repeats over all folds (default %(default)s)")
    parser.set_defaults(run=_simulate)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--codebook", type=Path, metavar="YAML", help="labels (default: data/codebook.yaml)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of every random choice (default %(default)s)")


if __name__ == "__main__":
    sys.exit(main())
