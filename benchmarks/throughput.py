"""End to end: sentences a second, processor seconds and peak memory, from articles to written records.

The same articles, recombined from the seed documents' lines, go through (a) a text-classification pipeline per task, one
sentence at a time and in batches of 32, (b) stancewire with a baseline, (c) stancewire with the transformer: checks,
duplicates, segmentation, attribution, prediction and writing counted. "Its model alone" classifies the very sentences of
(c), prepared before. Each measurement is a process of its own. Processor seconds hardly depend on other load.

    python benchmarks/throughput.py                                   # an untrained network, which is as fast
    python benchmarks/throughput.py --model FOLDER --articles 1000    # or runs:/…, models:/NAME@ALIAS
    python benchmarks/throughput.py --memory --articles 100000        # peak at 1,000 and at 100,000 articles, baseline
    python benchmarks/throughput.py --profile --model FOLDER          # where the time beside the model goes
"""

import argparse
import json
import os
import random
import re
import resource
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from stancewire.data.article import Article
from stancewire.data.codebook import load_codebook
from stancewire.data.duplicates import NearDuplicates
from stancewire.data.intake import Intake, IntakeOptions
from stancewire.data.language import foreign
from stancewire.data.rejects import Reject
from stancewire.data.sentences import segment
from stancewire.data.writers import open_writer
from stancewire.models.baseline import MajorityClassifier
from stancewire.models.bundle import Bundle, load_bundle, save_bundle
from stancewire.models.calibration import Calibration
from stancewire.models.engines import local
from stancewire.models.locate import locate_bundle
from stancewire.models.predictor import Predictor

Measured = tuple[int, float, float]
"""Sentences, seconds by the clock, processor seconds."""

ROOT = Path(__file__).parent.parent
SEED = 20150930
SMALL = 1_000
MEMORY_LINES = 8
SINGLE, OURS, ALONE = "(a) pipelines, one at a time", "(c) stancewire, transformer", "(c) its model alone"


def main() -> None:
    """Measure every way and print a table; write the figures to ``--output``."""
    args = _arguments()
    if args.worker:
        print(json.dumps(_measure(args.worker, args.model, args.articles)))
        return
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as beside:
        model = str(locate_bundle(args.model)[0]) if args.model else ""
        if args.memory:
            result = _memory(model or str(_even(Path(beside) / "baseline")), args)
        else:
            model = model or str(_untrained(Path(beside) / "model"))
            if args.profile:
                _profile(model, args.articles)
                return
            result = _ways(model, args.baseline or str(_even(Path(beside) / "baseline")), args)
    output = Path(args.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _ways(model: str, baseline: str, args: argparse.Namespace) -> dict[str, Any]:
    few = min(args.articles, args.naive_articles)
    result = {
        SINGLE: _in_process("single", "", few),
        "(a) pipelines, batches of 32": _in_process("batch", "", few),
        "(b) stancewire, baseline": _in_process("ours", baseline, args.articles),
        OURS: _in_process("ours", model, args.articles),
        ALONE: _in_process("alone", model, args.articles),
    }
    _print(result)
    for name, other, figure in ((OURS, SINGLE, "speed"), (OURS, ALONE, "share")):
        clock = result[name]["sentences_per_second"] / result[other]["sentences_per_second"]
        work = result[other]["cpu_seconds_per_1000_sentences"] / result[name]["cpu_seconds_per_1000_sentences"]
        result[f"{name} : {other}"] = {figure: round(clock, 3), f"{figure}_per_cpu_second": round(work, 3)}
        print(f"{name} : {other}   {clock:.2f} by the clock, {work:.2f} by processor seconds")
    return result


def _memory(model: str, args: argparse.Namespace) -> dict[str, Any]:
    """Run annotate.py on few articles and on many, and compare the peaks."""
    result = {
        f"{option}, {count} articles": _command(option, model, count)
        for option in args.into
        for count in (SMALL, args.articles)
    }
    _print(result)
    for option in args.into:
        few, many = (result[f"{option}, {count} articles"]["peak_mib"] for count in (SMALL, args.articles))
        print(f"{option}: peak at {args.articles} articles {many / few:.3f} times that at {SMALL}")
    return result


def _command(option: str, model: str, count: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as beside:
        feed = Path(beside) / "feed.jsonl"
        with feed.open("w", encoding="utf-8") as sink:
            for article in articles(count, MEMORY_LINES):
                sink.write(json.dumps({"id": article.id, "title": article.title, "text": article.text}) + "\n")
        place = Path(beside) / ("records.jsonl" if option == "--output" else "store")
        call = [sys.executable, str(ROOT / "annotate.py"), str(feed), option, str(place), "--model", model, "--quiet"]
        start = time.perf_counter()
        process = subprocess.Popen(call, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        told = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    found = re.search(r"(\d+) sentences of (\d+) articles", told)
    if status or not found or int(found[2]) != count:
        raise SystemExit(f"annotate.py did not do its work: {told}")
    sentences, seconds = int(found[1]), time.perf_counter() - start
    return {
        "articles": count,
        "sentences": sentences,
        "sentences_per_second": round(sentences / seconds, 1),
        "cpu_seconds_per_1000_sentences": round(1000 * (used.ru_utime + used.ru_stime) / sentences, 3),
        "peak_mib": round(used.ru_maxrss / 1024),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="", help="URI or folder of a transformer (with --memory: of any model)")
    parser.add_argument("--baseline", help="folder of a baseline (default: even shares, which costs nothing)")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--naive-articles", type=int, default=30, help="articles for (a), which is slow")
    parser.add_argument("--memory", action="store_true", help="compare the peak memory of few and many articles")
    parser.add_argument(
        "--into",
        nargs="+",
        choices=("--output", "--store"),
        default=["--output"],
        help="with --memory: where records go",
    )
    parser.add_argument("--profile", action="store_true", help="time the steps beside the model, one after another")
    parser.add_argument("--output", default=str(ROOT / "out/benchmarks/throughput.json"))
    parser.add_argument("--worker", choices=tuple(WAYS), help=argparse.SUPPRESS)
    return parser.parse_args()


def articles(count: int, length: int = 15) -> Iterator[Article]:
    """Yield articles of ``length`` seed lines each, always the same ones."""
    lines = [
        line
        for path in sorted((ROOT / "seeds").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if len(line) > 40
    ]
    chance = random.Random(SEED)
    for number in range(count):
        yield Article(f"a{number}", "\n".join(chance.sample(lines, length)), f"Article {number}")


def _in_process(way: str, model: str, count: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", way, "--model", model, "--articles", str(count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _measure(way: str, model: str, count: int) -> dict[str, Any]:
    sentences, seconds, work = WAYS[way](model, count)
    return {
        "articles": count,
        "sentences": sentences,
        "sentences_per_second": round(sentences / seconds, 1),
        "cpu_seconds_per_1000_sentences": round(1000 * work / sentences, 3),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _ours(model: str, count: int) -> Measured:
    """Run what annotate.py runs for ``--output``."""
    predictor = Predictor(load_bundle(Path(model)), "benchmark")
    _warm_up(predictor)
    seen = NearDuplicates()
    intake = _intake(predictor, lambda article: True, lambda article: seen.add(article.id, article.text))
    sentences, start, work = 0, time.perf_counter(), time.process_time()
    with (
        tempfile.TemporaryDirectory() as beside,
        open_writer(Path(beside) / "records.jsonl", predictor.bundle.codebook) as writer,
    ):
        for _, records in local.annotate(predictor, intake.admit(articles(count))):
            writer.write(records)
            sentences += len(records)
    return sentences, time.perf_counter() - start, time.process_time() - work


def _alone(model: str, count: int) -> Measured:
    """Classify sentences that were prepared before, in the same windows."""
    predictor = Predictor(load_bundle(Path(model)), "benchmark")
    _warm_up(predictor)
    inputs = [item for article in articles(count) for item in predictor.prepare(article).inputs]
    start, work = time.perf_counter(), time.process_time()
    for first in range(0, len(inputs), predictor.window):
        predictor.bundle.predict_proba(inputs[first : first + predictor.window])
    return len(inputs), time.perf_counter() - start, time.process_time() - work


def _naive(size: int, count: int) -> Measured:
    """Classify the sentences with the usual pipelines; segmentation is not counted."""
    predictor = Predictor(_even_bundle(), "benchmark")
    inputs: Sequence[Any] = [item for article in articles(count) for item in predictor.prepare(article).inputs]
    classify = runpy.run_path(str(ROOT / "benchmarks/inference.py"))["_pipelines"](size)
    classify(inputs[:8])
    start, work = time.perf_counter(), time.process_time()
    classify(inputs)
    return len(inputs), time.perf_counter() - start, time.process_time() - work


WAYS: dict[str, Callable[[str, int], Measured]] = {
    "single": lambda model, count: _naive(1, count),
    "batch": lambda model, count: _naive(32, count),
    "ours": _ours,
    "alone": _alone,
}


def _profile(model: str, count: int) -> None:
    """Run the steps one after another and print the processor time of each."""
    predictor = Predictor(load_bundle(Path(model)), "benchmark")
    _warm_up(predictor)
    given = list(articles(count))
    seen = NearDuplicates()
    spent: dict[str, float] = {}

    def timed(name: str, step: Callable[[], Any]) -> Any:
        begun = time.process_time()
        found = step()
        spent[name] = time.process_time() - begun
        return found

    timed("language", lambda: [foreign(one.text, predictor.bundle.codebook.language or "en") for one in given])
    timed("duplicates", lambda: [seen.add(one.id, one.text) for one in given])
    timed("segmentation", lambda: [segment(one) for one in given])
    prepared = timed("segmentation and attribution", lambda: [predictor.prepare(one) for one in given])
    inputs = [item for one in prepared for item in one.inputs]
    timed("model", lambda: predictor.bundle.predict_proba(inputs))
    results = timed("model and records", lambda: predictor.predict(prepared))
    with (
        tempfile.TemporaryDirectory() as beside,
        open_writer(Path(beside) / "records.jsonl", predictor.bundle.codebook) as writer,
    ):
        timed("writing", lambda: [writer.write(records) for records in results])
    print(f"{count} articles, {len(inputs)} sentences; processor ms per 1,000 sentences:")
    for name, seconds in spent.items():
        print(f"{name:32s}{1e6 * seconds / len(inputs):10.1f}")


def _intake(
    predictor: Predictor, pending: Callable[[Article], bool], duplicate_of: Callable[[Article], str | None]
) -> Intake:
    return Intake(IntakeOptions(predictor.bundle.codebook.language), _refuse, pending, duplicate_of)


def _warm_up(predictor: Predictor) -> None:
    predictor.predict([predictor.prepare(article) for article in articles(2)])


def _refuse(reject: Reject) -> None:
    raise SystemExit(f"the benchmark's own article was rejected: {reject}")


def _even_bundle() -> Bundle:
    codebook = load_codebook()
    shares = {task.name: [1 / len(task.names)] * len(task.names) for task in codebook.tasks}
    return Bundle(MajorityClassifier(codebook, shares), Calibration(temperatures={}), "even", SEED, {}, {})


def _even(folder: Path) -> Path:
    save_bundle(_even_bundle(), folder)
    return folder


def _untrained(folder: Path) -> Path:
    """Export the configured network, untrained, as a bundle."""
    inner = folder.with_name("network")
    runpy.run_path(str(ROOT / "benchmarks/inference.py"))["_untrained"](inner, ROOT / "configs/transformer.yaml")
    from stancewire.models.runtime import load_classifier

    classifier = load_classifier(inner, load_codebook())
    save_bundle(Bundle(classifier, Calibration(temperatures={}), "untrained", SEED, {}, {}), folder)
    return folder


def _print(result: dict[str, dict[str, Any]]) -> None:
    print(f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}")
    print(f"{'':32s}{'articles':>9s}{'sentences/s':>12s}{'CPU s/1000':>11s}{'peak MiB':>9s}")
    for name, found in result.items():
        print(
            f"{name:32s}{found['articles']:>9d}{found['sentences_per_second']:>12.1f}"
            f"{found['cpu_seconds_per_1000_sentences']:>11.2f}{found['peak_mib']:>9d}"
        )


if __name__ == "__main__":
    main()
