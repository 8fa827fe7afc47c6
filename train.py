"""Train one experiment and log it, its model and its pictures to MLflow."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import mean, stdev

from stancewire.data.errors import ConfigError, StancewireError

EXAMPLE = """example:
  python train.py configs/tfidf.yaml
  python train.py configs/transformer.yaml --set seed=7 --set model.epochs=2
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

    settings = load_settings(Path(args.config), args.set)

    import mlflow

    from stancewire.models import tracking
    from stancewire.models.training import prepare_experiment

    data = prepare_experiment(settings)
    with tracking.open_run(settings, data) as run_id:
        uri, scores = _fit_and_log(settings, data, settings.seed, run_id)
        seeds = [scores]
        for number in range(1, settings.seeds):
            with tracking.open_run(settings, data, name=f"seed-{settings.seed + number}", nested=True) as nested:
                seeds.append(_fit_and_log(settings, data, settings.seed + number, nested, keep=False)[1])
        if len(seeds) > 1:
            for task in scores:
                values = [one[task] for one in seeds]
                mlflow.log_metrics(
                    {f"seeds_{task}_macro_f1_mean": mean(values), f"seeds_{task}_macro_f1_sd": stdev(values)}
                )
    return uri


def _fit_and_log(settings, data, seed: int, run_id: str, keep: bool = True) -> tuple[str, dict[str, float]]:  # type: ignore[no-untyped-def]
    """Fit with one seed and log figures; with ``keep`` the pictures and the model too."""
    from dataclasses import replace

    import mlflow

    from stancewire.models import tracking
    from stancewire.models.evaluation.training_report import validation_report
    from stancewire.models.training import fit_bundle

    bundle = fit_bundle(settings, data, seed, tracking.RunLog(run_id))
    report = validation_report(bundle, data.part("validation"), seed)
    print(report.table, file=sys.stderr)
    mlflow.log_metrics(report.metrics)
    scores = {task: report.metrics[f"validation_{task}_macro_f1"] for task in bundle.classifier.tasks}
    if not keep:
        return "", scores
    mlflow.log_dict(report.figures, "validation.json")
    for name, picture in report.pictures.items():
        mlflow.log_figure(picture, f"pictures/{name}.png")
    name = settings.tracking.registered_model if settings.tracking.register_model else None
    uri = tracking.log_bundle(replace(bundle, figures=report.figures), name)
    logging.getLogger("stancewire").info("run %s, model %s", run_id, uri)
    return uri, scores


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="train.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", metavar="CONFIG.yaml", help="the experiment's settings, see configs/")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="override a setting; may be repeated"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
