"""Annotate news articles: every sentence's speaker, stance and claim type, one record each."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from stancewire.data.errors import ConfigError, StancewireError

EXAMPLE = """example:
  python annotate.py feed.jsonl --output out/annotations.jsonl --report out/report.html
  cat articles.jsonl | python annotate.py - --output - > annotations.jsonl
"""
CHAMPION = "models:/stancewire@champion"

LOG = logging.getLogger("stancewire")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call, 1 anything else)."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    args = _parser().parse_args(argv)
    try:
        rejected = run(args)
    except ConfigError as error:
        return _fail(error, 2)
    except StancewireError as error:
        return _fail(error, 1)
    except BrokenPipeError:
        # The reader of our standard output left; point it elsewhere so that closing it at exit does not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _fail("stopped; the output is as it was before", 1)
    return 1 if args.strict and rejected else 0


def run(args: argparse.Namespace) -> int:
    """Read, annotate and write; returns how many articles were rejected."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from tqdm import tqdm

    from stancewire.data.readers import ReadOptions, read_articles
    from stancewire.data.writers import STDOUT, open_rejects, open_writer
    from stancewire.models.bundle import load_bundle
    from stancewire.models.locate import locate_bundle
    from stancewire.models.predictor import Predictor

    if args.report and args.output == STDOUT:
        raise ConfigError("--report reads the written records; expected a file as --output, found -")
    items = read_articles(args.inputs, ReadOptions(columns=_columns(args.column)))
    folder, model = locate_bundle(args.model)
    bundle = load_bundle(folder)
    sentences = articles = 0
    with ExitStack() as stack:
        writer = stack.enter_context(open_writer(args.output, bundle.codebook))
        rejects = stack.enter_context(open_rejects(args.output))
        bar = stack.enter_context(tqdm(unit=" articles", file=sys.stderr, disable=args.quiet or not sys.stderr.isatty()))
        for records in Predictor(bundle, model, args.unit).records(_accepted(items, rejects)):
            writer.write(records)
            articles, sentences = articles + 1, sentences + len(records)
            bar.update()
    if args.report:
        _report(args, bundle, rejects.counts)
    _close(articles, sentences, rejects.counts, args.output)
    return sum(rejects.counts.values())


def _accepted(items, rejects) -> Iterator:  # type: ignore[no-untyped-def,type-arg]
    """Pass articles on, and rejects to their file."""
    from stancewire.data.rejects import Reject

    for item in items:
        if isinstance(item, Reject):
            rejects.write(item)
        else:
            yield item


def _report(args, bundle, rejected: dict[str, int]) -> None:  # type: ignore[no-untyped-def]
    from stancewire.data.views.meta import Quality, ReportMeta
    from stancewire.data.views.report import write_report

    quality = tuple(Quality.model_validate(figure) for figure in bundle.quality())
    meta = ReportMeta(rejected=rejected, quality=quality, measured_on=bundle.figures.get("split"))
    write_report([Path(args.output)], Path(args.report), meta, bundle.codebook)
    LOG.info("report: %s", args.report)


def _close(articles: int, sentences: int, rejected: dict[str, int], output: str) -> None:
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(rejected.items()))
    told = f"{sum(rejected.values())} rejected ({reasons})" if rejected else "none rejected"
    LOG.info("%d sentences of %d articles written to %s; %s", sentences, articles, output, told)


def _columns(given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        ours, separator, theirs = text.partition("=")
        if not separator or not ours or not theirs:
            raise ConfigError(f"--column {text!r}: expected ours=theirs, for example --column text=body")
        pairs[ours] = theirs
    return pairs


def _fail(error: object, code: int) -> int:
    print(f"annotate.py: {error}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="annotate.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("inputs", nargs="+", metavar="INPUT", help="file, folder, glob, or - for JSON lines")
    parser.add_argument("--output", required=True, metavar="OUT", help="OUT.jsonl, OUT.csv, OUT.parquet, or - for JSON lines")
    parser.add_argument("--model", default=CHAMPION, metavar="URI", help="model URI or folder (default: %(default)s)")
    parser.add_argument("--column", action="append", default=[], metavar="OURS=THEIRS", help="rename an input column: text=body")
    parser.add_argument("--unit", choices=("sentence", "row"), default="sentence", help="row: take each row as one sentence")
    parser.add_argument("--report", metavar="HTML", help="also write a report on the records")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if any article was rejected")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


if __name__ == "__main__":
    sys.exit(main())
