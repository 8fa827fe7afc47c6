"""Audit label quality: agreement of annotators, suspected label errors, contradictions, drift between annotation files."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from typing import Any

from stancewire.data.annotation_rows import read_rows
from stancewire.data.audit.agreement import agreement
from stancewire.data.audit.report import text_report
from stancewire.data.audit.suspects import contradictions, read_probabilities, suspects
from stancewire.data.codebook import Codebook, load_codebook
from stancewire.data.corpus import ANNOTATIONS, PASSES, Corpus, load_corpus
from stancewire.data.errors import ConfigError, StancewireError
from stancewire.data.shift import share_shift

EXAMPLE = """examples:
  python -m data.audit
  python -m data.audit --probabilities data/oof/*.jsonl
  python -m data.audit --annotations mine.jsonl reviewed.jsonl --codebook mine.yaml --json out/audit.json
"""
SEED = 20150930


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call, 1 bad data)."""
    args = _parser().parse_args(argv)
    try:
        found = audit(args)
    except ConfigError as error:
        sys.stderr.write(f"data.audit: {error}\n")
        return 2
    except StancewireError as error:
        sys.stderr.write(f"data.audit: {error}\n")
        return 1
    sys.stdout.write(text_report(found, args.show))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def audit(args: argparse.Namespace) -> dict[str, Any]:
    """Return everything found, as plain JSON values."""
    codebook = load_codebook(args.codebook)
    own = args.codebook is None and args.annotations == [ANNOTATIONS]
    corpora = {_name(path): load_corpus(path, codebook) for path in args.annotations}
    annotators = args.annotators or (list(PASSES) if own else [])
    first = next(iter(corpora.values()))
    found: dict[str, Any] = {
        "files": {name: len(corpus.sentences) for name, corpus in corpora.items()},
        "agreement": _agreements(annotators, codebook),
        "contradictions": {name: [asdict(one) for one in contradictions(corpus)] for name, corpus in corpora.items()},
        "drift": _drift(corpora, args.seed),
    }
    if args.probabilities:
        found["suspects"] = [asdict(one) for one in suspects(first, read_probabilities(args.probabilities, first))]
    return found


def _name(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _agreements(paths: Sequence[Path], codebook: Codebook) -> list[dict[str, Any]]:
    rows = {path.name: {str(row.get("id")): row for _, row in read_rows(path)} for path in paths}
    return [
        {"first": one, "second": other, "tasks": [asdict(task) for task in agreement(codebook, rows[one], rows[other])]}
        for one, other in combinations(rows, 2)
    ]


def _drift(corpora: dict[str, Corpus], seed: int) -> list[dict[str, Any]]:
    found = []
    for (one, first), (other, second) in combinations(corpora.items(), 2):
        for task in first.codebook.tasks:
            pairs = [[(row.article, row.labels[task.name]) for row in side.sentences] for side in (first, second)]
            shift = share_shift(task, pairs[0], pairs[1], seed)
            found.append({"files": [one, other], "values": list(task.names), **asdict(shift)})
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data.audit",
        description=__doc__,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--annotations", nargs="+", type=Path, default=[ANNOTATIONS], metavar="FILE",
        help="annotation files; suspects are sought in the first, drift between all (default: the seed corpus)",
    )  # fmt: skip
    parser.add_argument(
        "--annotators", nargs="+", type=Path, default=[], metavar="FILE",
        help="files of single annotators with common ids, for agreement (default: the seed corpus' two passes)",
    )  # fmt: skip
    parser.add_argument(
        "--probabilities", nargs="+", type=Path, default=[], metavar="FILE",
        help="out-of-fold probabilities of the first annotation file, for suspected label errors",
    )  # fmt: skip
    parser.add_argument("--codebook", type=Path, metavar="YAML", help="labels (default: data/codebook.yaml)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write everything found there too")
    parser.add_argument("--show", type=int, default=10, help="examples printed per part (default %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the permutation tests")
    return parser


if __name__ == "__main__":
    sys.exit(main())
