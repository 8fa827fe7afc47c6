"""Annotate news articles: every sentence's speaker, stance and claim type, one record each."""

import argparse
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from stancewire.data.errors import ConfigError, StancewireError
from stancewire.data.rejects import printable

if TYPE_CHECKING:
    from stancewire.data.actors import Actors
    from stancewire.data.article import Article
    from stancewire.data.feeds.source import WebSource
    from stancewire.data.intake import Admitted, Intake
    from stancewire.data.rejects import Reject
    from stancewire.data.store import Store
    from stancewire.models.bundle import Bundle
    from stancewire.models.engines.types import Annotated

EXAMPLE = """examples:
  python annotate.py feed.jsonl --output out/annotations.jsonl --report out/report.html
  cat articles.jsonl | python annotate.py - --output - > annotations.jsonl
  python annotate.py https://example.org/feed.xml feeds.opml --store annotated     (again every hour: adds what is new)
  python annotate.py 's3://archive/2015/*.parquet' --store annotated --engine ray --address auto
"""
CHAMPION = "models:/stancewire@champion"

LOG = logging.getLogger("stancewire")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 wrong call, 1 anything else)."""
    _log_to_stderr()
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
        return _fail("stopped; the output is as it was before, a store keeps the batches it has", 1)
    return 1 if args.strict and rejected else 0


def run(args: argparse.Namespace) -> int:
    """Read, annotate and write; returns how many articles were rejected."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from stancewire.data.records import arrow_schema
    from stancewire.data.store import Store
    from stancewire.models.bundle import load_bundle
    from stancewire.models.locate import locate_bundle

    _check(args)
    remembered: list[Store] = []  # the store is opened after the model, whose URI it needs
    web, items = _input(args, remembered)
    folder, model = locate_bundle(args.model)
    bundle = load_bundle(folder)
    if args.dry_run:
        return _dry_run(args, bundle, model, items)
    with ExitStack() as stack:
        store = None
        if args.store:
            store = stack.enter_context(Store(Path(args.store), model, arrow_schema(bundle.codebook), args.wait))
            remembered.append(store)
        rejected = _annotate(args, bundle, model, items, store)
        if web.unchanged:
            LOG.info("%s nothing new", _number(web.unchanged, "feed had", "feeds had"))
        if store and args.limit is None and args.since is None:
            for url, seen in web.finished.items():
                store.remember_feed(url, seen.etag, seen.last_modified)
    if args.report:
        _report(args, bundle, rejected)
    return sum(rejected.values())


def _input(args: argparse.Namespace, remembered: "list[Store]") -> "tuple[WebSource, Iterator[Article | Reject]]":
    """Return where addresses are read and the articles of all inputs; ConfigError for an input that does not exist."""
    from stancewire.data.feeds.cloud import CloudSource
    from stancewire.data.feeds.http import Fetcher, Validators
    from stancewire.data.feeds.options import FetchOptions
    from stancewire.data.feeds.source import WebSource
    from stancewire.data.readers import ReadOptions, read_articles
    from stancewire.data.tables import Columns

    columns = Columns(_columns(args.column))

    def known(url: str) -> Validators:
        again = args.reannotate or not remembered
        return Validators() if again else Validators(*remembered[0].validators(url))

    web = WebSource(Fetcher(FetchOptions(allow_private=args.allow_private)), columns, known)
    sources = (web, CloudSource(web, columns))
    # A store knows the articles it has, at no memory; without one, ids are compared within the run.
    options = ReadOptions(columns=columns.names, unique_ids=not args.store, sources=sources)
    return web, read_articles(args.inputs, options)


def _annotate(
    args: argparse.Namespace,
    bundle: "Bundle",
    model: str,
    items: "Iterator[Article | Reject]",
    store: "Store | None",
) -> dict[str, int]:
    """Annotate the articles and write the records; returns the numbers of rejects by reason."""
    from tqdm import tqdm

    from stancewire.data.duplicates import NearDuplicates
    from stancewire.data.intake import Intake
    from stancewire.data.store import StoreSink
    from stancewire.data.writers import open_rejects, open_writer

    articles = sentences = 0
    with ExitStack() as stack:
        writer = stack.enter_context(open_writer(args.output, bundle.codebook)) if args.output else None
        rejects = stack.enter_context(open_rejects(args.output or Path(args.store) / "_last"))
        if store:
            intake = Intake(
                _intake_options(args, bundle),
                rejects.write,
                lambda article: store.pending(article, again=args.reannotate),
                store.duplicate_of,
            )
        else:
            seen = NearDuplicates()
            intake = Intake(
                _intake_options(args, bundle),
                rejects.write,
                lambda article: True,
                lambda article: seen.add(article.id, article.text),
            )
        sink = StoreSink(store, args.commit_every) if store else None
        bar = stack.enter_context(
            tqdm(unit=" articles", file=sys.stderr, disable=args.quiet or not sys.stderr.isatty())
        )
        for article, records in _engine(args, bundle, model, intake.admit(items)):
            if writer:
                writer.write(records)
            if sink:
                sink.write(article, records)
            articles, sentences = articles + 1, sentences + len(records)
            bar.update()
        if sink:
            sink.flush()
    where = " and ".join(str(place) for place in (args.output, args.store) if place)
    written = f"{_number(sentences, 'sentence', 'sentences')} of {_number(articles, 'article', 'articles')}"
    LOG.info("%s written to %s; %s", written, where, _told(intake, rejects.counts, rejects.path))
    return rejects.counts


def _engine(
    args: argparse.Namespace, bundle: "Bundle", model: str, admitted: "Iterator[Admitted]"
) -> "Iterator[Annotated]":
    """Yield annotated articles in the order of the input, on one machine or on many."""
    actors = _actors(args.actors, bundle)  # for a cluster too: a mistake in the file is told before work goes out
    if args.engine == "ray":
        from stancewire.models.engines import ray_engine

        options = ray_engine.RayOptions(address=args.address, workers=args.workers)
        return ray_engine.annotate(ray_engine.ModelSpec(model, args.unit, args.actors), admitted, options)
    from stancewire.models.engines import local
    from stancewire.models.predictor import Predictor

    return local.annotate(Predictor(bundle, model, args.unit, actors=actors), admitted)


def _actors(path: str | None, bundle: "Bundle") -> "Actors | None":
    """Read the user's actors over the shipped ones; ConfigError where a group is not the model's."""
    if path is None:
        return None
    from stancewire.data.actors import load_actors

    actors = load_actors(Path(path))
    actors.check(bundle.codebook)
    return actors


def _dry_run(args: argparse.Namespace, bundle: "Bundle", model: str, items: "Iterator[Article | Reject]") -> int:
    """Count what a run would do and write nothing."""
    from collections import Counter

    from stancewire.data.intake import Intake
    from stancewire.data.store import Peek

    rejected: Counter[str] = Counter()
    peek = Peek(Path(args.store), model) if args.store else None
    intake = Intake(
        _intake_options(args, bundle),
        lambda reject: rejected.update([reject.reason.value]),
        lambda article: args.reannotate or peek is None or peek.pending(article),
        lambda article: None,
    )
    articles = sum(1 for _ in intake.admit(items))
    LOG.info("dry run: %s would be annotated; %s", _number(articles, "article", "articles"), _told(intake, rejected))
    return sum(rejected.values())


def _intake_options(args: argparse.Namespace, bundle: "Bundle"):  # type: ignore[no-untyped-def]
    from stancewire.data.intake import IntakeOptions, moment_given

    since = moment_given("--since", args.since) if args.since else None
    return IntakeOptions(bundle.codebook.language, args.min_chars, args.max_chars, since, args.limit)


def _report(args: argparse.Namespace, bundle: "Bundle", rejected: dict[str, int]) -> None:
    from stancewire.data.views.meta import Quality, ReportMeta
    from stancewire.data.views.report import write_report

    quality = tuple(Quality.model_validate(figure) for figure in bundle.quality())
    meta = ReportMeta(rejected=rejected, quality=quality, measured_on=bundle.figures.get("split"))
    write_report([Path(args.output)], Path(args.report), meta, bundle.codebook)
    LOG.info("report: %s", args.report)


def _told(intake: "Intake", rejected: dict[str, int], path: Path | None = None) -> str:
    """Say what became of the articles that were not annotated, and where the rejected ones are explained."""
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(rejected.items()))
    told = [f"{sum(rejected.values())} rejected ({reasons})" if rejected else "none rejected"]
    if rejected and path:
        told[0] += f": see {path}"
    known, old, copies = (intake.counts[name] for name in ("known", "old", "duplicates"))
    told += [f"{known} annotated before"] if known else []
    told += [f"{old} older than --since"] if old else []
    told += [_number(copies, "repeats an earlier article", "repeat an earlier article")] if copies else []
    return "; ".join(told)


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _check(args: argparse.Namespace) -> None:
    from stancewire.data.writers import STDOUT

    if not (args.output or args.store or args.dry_run):
        raise ConfigError("expected --output OUT, --store DIR or both, found neither")
    if args.report and args.output in (None, STDOUT):
        raise ConfigError(
            f"--report reads the written records; expected a file as --output, found {args.output or 'none'}"
        )
    if args.reannotate and not args.store:
        raise ConfigError("--reannotate is about what a store has; expected --store DIR with it")
    if args.engine != "ray" and (args.address or args.workers):
        raise ConfigError("--address and --workers are about a cluster; expected --engine ray with them")
    if args.store and Path(args.store).exists() and not Path(args.store).is_dir():
        raise ConfigError(f"--store {args.store}: expected a folder, found a file")


def _columns(given: Sequence[str]) -> dict[str, str]:
    pairs = {}
    for text in given:
        ours, separator, theirs = text.partition("=")
        if not separator or not ours or not theirs:
            raise ConfigError(f"--column {text!r}: expected ours=theirs, for example --column text=body")
        pairs[ours] = theirs
    return pairs


def _fail(error: object, code: int) -> int:
    print(f"annotate.py: {printable(str(error))}", file=sys.stderr)
    return code


class _SafeFormatter(logging.Formatter):
    """Titles and addresses come from strangers: what a terminal would obey is shown as an escape."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(printable(line) for line in super().format(record).split("\n"))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter("%(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("trafilatura", "htmldate", "charset_normalizer", "urllib3", "ray"):
        logging.getLogger(name).setLevel(logging.ERROR)  # what they warn of comes out as a reject


def _natural(text: str) -> int:
    if not text.strip().isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number of 0 or more, found {text!r}")
    return int(text)


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"annotate.py: {printable(message)}; see annotate.py --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="annotate.py", description=__doc__, epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="file, folder, glob, http(s):// page or feed, OPML, s3://…, or - for JSON lines",
    )
    add(
        "--output",
        metavar="OUT",
        help="OUT.jsonl, OUT.csv, OUT.parquet, or - for JSON lines; with --store: what this run adds",
    )
    add("--model", default=CHAMPION, metavar="URI", help="model URI or folder (default: %(default)s)")
    add("--column", action="append", default=[], metavar="OURS=THEIRS", help="rename an input column: text=body")
    add("--unit", choices=("sentence", "row"), default="sentence", help="row: take each row as one sentence")
    add("--actors", metavar="YAML", help="people and bodies of your own, read over the shipped data/actors.yaml")
    add("--report", metavar="HTML", help="also write a report on the records")
    add("--strict", action="store_true", help="exit with 1 if any article was rejected")
    add("--quiet", action="store_true", help="no progress bar")
    _add_run_options(parser)
    return parser


def _add_run_options(parser: argparse.ArgumentParser) -> None:
    store = parser.add_argument_group("a store, for feeds and archives: every article once per model version")
    store.add_argument(
        "--store", metavar="DIR", help="keep records in DIR/records (Parquet by date) and skip what is there"
    )
    store.add_argument(
        "--reannotate", action="store_true", help="annotate again what the store has; new records supersede"
    )
    store.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another run on the store")
    store.add_argument(
        "--commit-every", type=_natural, default=500, metavar="N", help="articles a batch (default: %(default)s)"
    )
    choice = parser.add_argument_group("which articles")
    choice.add_argument("--since", metavar="DATE", help="leave out what was published before DATE (ISO 8601)")
    choice.add_argument("--limit", type=_natural, metavar="N", help="annotate N articles at most")
    choice.add_argument(
        "--min-chars", type=_natural, default=0, metavar="N", help="reject shorter texts (default: %(default)s)"
    )
    choice.add_argument(
        "--max-chars", type=_natural, default=1_000_000, metavar="N", help="reject longer texts (default: %(default)s)"
    )
    choice.add_argument("--dry-run", action="store_true", help="count what would be annotated; write nothing")
    choice.add_argument("--allow-private", action="store_true", help="fetch from loopback and private addresses too")
    many = parser.add_argument_group("many machines")
    many.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="where to annotate (default: %(default)s)"
    )
    many.add_argument(
        "--address", metavar="ADDRESS", help="ray: the cluster's address, or auto (default: start one here)"
    )
    many.add_argument(
        "--workers", type=_natural, metavar="N", help="ray: at most N copies of the model (default: as CPUs allow)"
    )


if __name__ == "__main__":
    sys.exit(main())
