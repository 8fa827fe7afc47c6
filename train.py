"""Train one experiment and log it, its model and its pictures to MLflow."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from stancewire.data.errors import ConfigError, StancewireError

EXAMPLE = """example:
  python train.py configs/tfidf.yaml
  python train.py configs/transformer.yaml --set seed=7 --set model.epochs=2
  python train.py configs/tfidf.yaml --annotations mine.jsonl more.csv --codebook mine.yaml
  python train.py configs/tfidf.yaml --sweep configs/sweep.yaml
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call or config, 1 anything else)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    args = _parser().parse_args(argv)
    try:
        uri = run(args)
    except ConfigError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 2
    except StancewireError as error:
        print(f"train.py: {error}", file=sys.stderr)
        return 1
    print(uri)
    return 0


def run(args: argparse.Namespace) -> str:
    """Fit, evaluate on the validation split and log; returns the logged model's URI."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from stancewire.models.settings import load_settings

    settings = load_settings(Path(args.config), [*args.set, *_data_overrides(args)])

    # A wrong config is told before the heavy libraries are loaded.
    from stancewire.models.experiment_run import run_experiment
    from stancewire.models.training import prepare_experiment

    data = prepare_experiment(settings)
    if args.sweep:
        from stancewire.models.retrain.sweep import load_sweep, run_sweep

        settings = run_sweep(settings, load_sweep(args.sweep), data).settings
        data = prepare_experiment(settings)
    finished = run_experiment(settings, data)
    print(finished.table, file=sys.stderr)
    return finished.uri


def _data_overrides(args: argparse.Namespace) -> list[str]:
    """Return --annotations and --codebook as settings, so that the run records them."""
    found = [f"data.annotations={json.dumps(args.annotations)}"] if args.annotations else []
    return [*found, f"data.codebook={json.dumps(args.codebook)}"] if args.codebook else found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="train.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", metavar="CONFIG.yaml", help="the experiment's settings, see configs/")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="override a setting; may be repeated"
    )
    parser.add_argument(
        "--annotations", nargs="+", default=[], metavar="FILE",
        help="learn from these instead of the seed corpus; conflicts between them are refused, or settled by data.on_conflict",
    )  # fmt: skip
    parser.add_argument(
        "--codebook", metavar="YAML", help="the annotations' tasks, values and columns (data/codebook.yaml)"
    )
    parser.add_argument("--sweep", type=Path, metavar="SWEEP.yaml", help="search settings first, then train the best")
    return parser


if __name__ == "__main__":
    sys.exit(main())
