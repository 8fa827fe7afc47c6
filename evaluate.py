"""Figures with intervals for a model, a config or any file of records."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stancewire.data.errors import ConfigError, StancewireError

EXAMPLE = """examples:
  python evaluate.py models:/stancewire@champion
  python evaluate.py runs:/RUN/model --split validation --output out/evaluation
  python evaluate.py configs/tfidf.yaml --cv 5
  python evaluate.py --predictions out/annotations.jsonl --annotations labels.jsonl
  python evaluate.py models:/stancewire@challenger --against models:/stancewire@champion --promote
"""
RESULTS = Path("out/evaluation/results.json")

Answer = tuple[str, dict[str, Any]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call or config, 1 anything else)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    args = _parser().parse_args(argv)
    try:
        text, figures = _mode(args)(args)
    except ConfigError as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return 2
    except StancewireError as error:
        print(f"evaluate.py: {error}", file=sys.stderr)
        return 1
    print(json.dumps(figures, indent=1, ensure_ascii=False) if args.json else text)
    return 0


def _mode(args: argparse.Namespace) -> Callable[[argparse.Namespace], Answer]:
    """Return what the call asks for; ConfigError where it asks for nothing or for things that exclude each other."""
    modes = {
        "--all": args.all,
        "--summary": args.summary,
        "--readme": args.readme is not None,
        "--rollback": args.rollback,
        "--check-floors": args.check_floors,
        "--set-floors": args.set_floors,
        "--predictions": args.predictions is not None,
    }
    asked = [name for name, is_asked in modes.items() if is_asked]
    if len(asked) > 1:
        raise ConfigError(f"expected one of {', '.join(modes)}, found {' and '.join(asked)}")
    if asked:
        if args.target is not None:
            raise ConfigError(f"{asked[0]} takes no MODEL or CONFIG, found {args.target!r}")
        return _MODES[asked[0]]
    if args.target is None:
        raise ConfigError(f"expected a MODEL, a CONFIG.yaml with --cv, or one of {', '.join(modes)}; see --help")
    return _of_target(args)


def _of_target(args: argparse.Namespace) -> Callable[[argparse.Namespace], Answer]:
    is_config = args.target.endswith((".yaml", ".yml"))
    if args.promote and not args.against:
        raise ConfigError("--promote needs --against MODEL, for example --against models:/stancewire@champion")
    if is_config and args.against:
        raise ConfigError(f"--against compares two models, found the config {args.target!r}; train it first")
    if args.against:
        return _gate
    if is_config and args.learning_curve:
        return _learning_curve
    if is_config and args.cv is None:
        raise ConfigError(f"{args.target}: a config needs --cv FOLDS, for example --cv 5; a model needs none")
    if not is_config and args.cv is not None:
        raise ConfigError(f"--cv needs a CONFIG.yaml, found the model {args.target!r}")
    return _cross_validate if is_config else _model


def _request(args: argparse.Namespace) -> Any:
    from stancewire.models.evaluation.commands import Request

    return Request(
        split=args.split,
        annotations=args.annotations,
        codebook=args.codebook,
        output=args.output,
        task=args.task,
        card=args.card,
        resamples=args.resamples,
        seed=args.seed,
    )


def _model(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.commands import evaluate_model

    return evaluate_model(args.target, _request(args))


def _records(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.commands import evaluate_records

    return evaluate_records(args.predictions, _request(args))


def _everything(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.commands import evaluate_registered

    return evaluate_registered(args.name, _request(args))


def _cross_validate(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.commands import Folding, evaluate_config

    return evaluate_config(args.target, args.set, _request(args), Folding(args.cv, tuple(args.seeds), args.keep))


def _learning_curve(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.commands import Folding, curve_of_config

    return curve_of_config(args.target, args.set, Folding(args.cv or 5, keep=args.keep), args.seed)


def _summary(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.summary import closing_summary

    text = closing_summary(args.name, args.seed)
    return text, {"summary": text}


def _readme(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.readme import update_readme

    changed = update_readme(args.readme, args.results)
    text = f"{args.readme}: figures {'replaced by' if changed else 'are already'} those of {args.results}"
    return text, {"changed": changed}


def _check_floors(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.quick import check_floors

    return check_floors()


def _set_floors(args: argparse.Namespace) -> Answer:
    from stancewire.models.evaluation.quick import set_floors

    return set_floors(args.lower_floors)


def _gate(args: argparse.Namespace) -> Answer:
    """Compare two models on articles that neither saw; with ``--promote`` the better one becomes champion."""
    from stancewire.models.retrain.promotion import challenge

    decision = challenge(args.target, args.against, _request(args).corpus(), args.seed, args.promote)
    return decision.in_words(), {"passed": decision.passed, "tasks": decision.figures()}


def _rollback(args: argparse.Namespace) -> Answer:
    from stancewire.models.retrain.promotion import rollback

    left, restored = rollback(args.name)
    return f"{args.name}: champion is version {restored} again, was {left}", {"left": left, "restored": restored}


_MODES: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "--all": _everything,
    "--summary": _summary,
    "--readme": _readme,
    "--rollback": _rollback,
    "--check-floors": _check_floors,
    "--set-floors": _set_floors,
    "--predictions": _records,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="evaluate.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "target",
        nargs="?",
        metavar="MODEL|CONFIG.yaml",
        help="runs:/…, models:/NAME@ALIAS, a model folder; with --cv a config",
    )
    parser.add_argument(
        "--split", choices=["test", "validation"], default="test", help="which articles to judge on (test)"
    )
    parser.add_argument("--task", help="show one task only; 'speaker' shows who was found to speak")
    parser.add_argument("--card", action="store_true", help="show the model card")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="write figures, cards, pictures and error browser there, and log them to the model's run",
    )
    parser.add_argument("--json", action="store_true", help="print figures as JSON")
    parser.add_argument("--resamples", type=_positive, default=1000, metavar="N", help="bootstrap resamples (1000)")
    parser.add_argument("--seed", type=int, default=20150930, help="of the bootstrap")
    records = parser.add_argument_group("records of any origin, or other annotations")
    records.add_argument("--predictions", type=Path, metavar="FILE", help="records: JSON lines, CSV or Parquet")
    records.add_argument("--annotations", type=Path, metavar="FILE", help="what to judge by (the seed corpus)")
    records.add_argument("--codebook", type=Path, metavar="YAML", help="the annotations' codebook")
    configs = parser.add_argument_group("cross-validation of a config")
    configs.add_argument("--cv", type=_positive, metavar="FOLDS", help="folds grouped by article")
    configs.add_argument(
        "--seeds", type=int, nargs="+", default=[0], metavar="SEED", help="one run of all folds each (0)"
    )
    configs.add_argument("--keep", action="store_true", help="keep the out-of-fold predictions in data/oof")
    configs.add_argument("--learning-curve", action="store_true", help="figures by share of training articles instead")
    configs.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="override a setting")
    registry = parser.add_argument_group("registered models")
    registry.add_argument(
        "--all", action="store_true", help="the newest model of each config, and all kept out-of-fold predictions"
    )
    registry.add_argument("--summary", action="store_true", help="one closing table over registered models")
    registry.add_argument("--name", default="stancewire", help="registered model's name (stancewire)")
    registry.add_argument("--against", metavar="MODEL", help="compare with this model on articles that neither saw")
    registry.add_argument(
        "--promote", action="store_true", help="with --against the champion: take its place if better"
    )
    registry.add_argument("--rollback", action="store_true", help="give the champion's place back to the one before")
    upkeep = parser.add_argument_group("upkeep")
    upkeep.add_argument("--readme", type=Path, metavar="FILE", help="copy the figures between its markers")
    upkeep.add_argument(
        "--results", type=Path, default=RESULTS, metavar="JSON", help=f"where --readme takes them from ({RESULTS})"
    )
    upkeep.add_argument(
        "--check-floors",
        action="store_true",
        help="fit the quick config and compare with models/evaluation/floors.json",
    )
    upkeep.add_argument("--set-floors", action="store_true", help="measure the floors anew; they can only rise")
    upkeep.add_argument("--lower-floors", action="store_true", help="with --set-floors: let them fall")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of 1 or more, found {text}")
    return number


if __name__ == "__main__":
    sys.exit(main())
