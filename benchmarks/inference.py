"""Sentences a second, and memory: the usual way to classify with transformers against the exported runtime.

Same machine, same articles, same encoder: (a) a text-classification pipeline per task, one sentence at a time, (b) the
same in batches of 32, (c) the runtime, all tasks in one pass. The pipelines read the sentence alone; (c) reads it in
its context, as it does in use. Every measurement is a process of its own; the ways take turns, round by round, so that
other load on the machine meets all of them. Segmentation and attribution are the same for all and not counted.

Processor seconds are counted too: they hardly depend on other load.

    python benchmarks/inference.py                  # the configured network, untrained, which is as fast
    python benchmarks/inference.py --model FOLDER   # a model folder written by train.py
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from stancewire.data.codebook import load_codebook
from stancewire.data.corpus import load_corpus
from stancewire.features.examples import corpus_examples
from stancewire.features.inputs import SentenceInput

ROOT = Path(__file__).parent.parent
WAYS = {
    "single": "(a) pipelines, one sentence at a time",
    "batch": "(b) pipelines, batches of 32",
    "runtime": "(c) this",
}
LEAST_SECONDS = 2.0


def main() -> None:
    """Measure every way in turn and print medians; write them to ``--output``."""
    args = _arguments()
    if args.worker:
        print(json.dumps(_measure(args.worker, Path(args.model), args.sentences)))
        return
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with tempfile.TemporaryDirectory() as beside:
        model = args.model or str(_untrained(Path(beside) / "model", Path(args.config)))
        runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for number in range(args.rounds):
            for way in WAYS:
                runs[way].append(_in_process(way, model, args.sentences))
                print(f"round {number + 1} {way}: {runs[way][-1]['rate']:.1f} sentences/s", file=sys.stderr, flush=True)
    result = _summary(runs)
    print(_table(result))
    output = Path(args.output)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="model folder with runtime files")
    parser.add_argument(
        "--config", default=str(ROOT / "configs/transformer.yaml"), help="shape of the network without --model"
    )
    parser.add_argument("--sentences", type=int, default=300, help="whole articles up to about this many sentences")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", default=str(ROOT / "out/benchmarks/inference.json"))
    parser.add_argument("--worker", choices=sorted(WAYS), help=argparse.SUPPRESS)
    return parser.parse_args()


def _in_process(way: str, model: str, sentences: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--worker", way, "--model", model, "--sentences", str(sentences)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _measure(way: str, model: Path, sentences: int) -> dict[str, Any]:
    """Load, warm up, and take the median of passes over the articles."""
    inputs = _inputs(sentences)
    start = time.perf_counter()
    classify = _runtime(model) if way == "runtime" else _pipelines(1 if way == "single" else 32)
    loading = time.perf_counter() - start
    classify(inputs[:40])
    passes: list[float] = []
    work = time.process_time()
    while sum(passes) < LEAST_SECONDS:
        start = time.perf_counter()
        classify(inputs)
        passes.append(time.perf_counter() - start)
    work = (time.process_time() - work) / len(passes)
    return {
        "rate": len(inputs) / median(passes),
        "rate_cpu": len(inputs) / work,
        "sentences": len(inputs),
        "loading": loading,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _inputs(least: int) -> list[SentenceInput]:
    inputs: list[SentenceInput] = []
    article = None
    for example in corpus_examples(load_corpus()):
        if example.article != article and len(inputs) >= least:
            break
        article = example.article
        inputs.append(example.input)
    return inputs


def _pipelines(batch: int) -> Callable[[Sequence[SentenceInput]], None]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline
    from transformers.utils import logging

    from stancewire.models.encoder import find_encoder
    from stancewire.models.transformer_settings import EncoderSettings

    logging.set_verbosity_error()
    folder = find_encoder(EncoderSettings())
    tokenizer = AutoTokenizer.from_pretrained(folder)
    pipes = [
        pipeline(
            "text-classification",
            model=AutoModelForSequenceClassification.from_pretrained(folder, num_labels=len(task.names)),
            tokenizer=tokenizer,
            device="cpu",
        )
        for task in load_codebook().tasks
        if task.probability
    ]

    def classify(inputs: Sequence[SentenceInput]) -> None:
        texts = [item.text for item in inputs]
        for pipe in pipes:
            if batch == 1:
                for text in texts:
                    pipe(text, top_k=None)
            else:
                pipe(texts, batch_size=batch, top_k=None)

    return classify


def _runtime(folder: Path) -> Callable[[Sequence[SentenceInput]], object]:
    from stancewire.models.runtime import load_classifier

    return load_classifier(folder, load_codebook()).predict_proba


def _untrained(folder: Path, config: Path) -> Path:
    """Export the configured network with untrained heads, calibrated on the corpus' training text."""
    from stancewire.models.base import SilentLog
    from stancewire.models.runtime.export import with_runtime
    from stancewire.models.settings import load_settings
    from stancewire.models.training import prepare_experiment
    from stancewire.models.transformer import start_transformer

    settings = load_settings(config)
    data = prepare_experiment(settings)
    classifier = start_transformer(settings.model, data.codebook, [], settings.seed, SilentLog())
    folder.mkdir()
    with_runtime(classifier, folder, [example.input for example in data.part("train")])
    return folder


def _summary(runs: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    ways = {
        way: {
            "sentences_per_second": round(median(run["rate"] for run in found), 1),
            "sentences_per_processor_second": round(median(run["rate_cpu"] for run in found), 1),
            "each_round": [round(run["rate"], 1) for run in found],
            "loading_seconds": round(median(run["loading"] for run in found), 2),
            "peak_mib": round(median(run["peak_mib"] for run in found)),
        }
        for way, found in runs.items()
    }
    return {
        "sentences": runs["runtime"][0]["sentences"],
        "ways": ways,
        "runtime_times_faster_than": {way: _ratio(runs, way, "rate") for way in ("single", "batch")},
        "runtime_times_thriftier_than": {way: _ratio(runs, way, "rate_cpu") for way in ("single", "batch")},
    }


def _ratio(runs: dict[str, list[dict[str, Any]]], way: str, figure: str) -> float:
    """Return the median over rounds of how many times the runtime's figure is the other way's."""
    pairs = zip(runs["runtime"], runs[way], strict=True)
    return round(median(new[figure] / old[figure] for new, old in pairs), 1)


def _table(result: dict[str, Any]) -> str:
    lines = [f"{result['sentences']} sentences, {len(os.sched_getaffinity(0))} processors, medians of rounds"]
    lines.append(f"{'':40s}{'sentences/s':>12s}{'per CPU s':>11s}{'load s':>8s}{'peak MiB':>10s}")
    for way, name in WAYS.items():
        found = result["ways"][way]
        lines.append(
            f"{name:40s}{found['sentences_per_second']:12.1f}{found['sentences_per_processor_second']:11.1f}"
            f"{found['loading_seconds']:8.1f}{found['peak_mib']:10.0f}"
        )
    faster, thriftier = result["runtime_times_faster_than"], result["runtime_times_thriftier_than"]
    lines.append(f"(c) against (a): {faster['single']} times as fast, {thriftier['single']} times per CPU second")
    lines.append(f"(c) against (b): {faster['batch']} times as fast, {thriftier['batch']} times per CPU second")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
