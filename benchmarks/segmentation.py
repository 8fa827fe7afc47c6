"""Sentences per second of the segmentation, and its boundary F1 against the annotated spans.

    python benchmarks/segmentation.py [--seconds 5]

Wall clock and CPU time of one process; the articles are those of the seed corpus, over and over.
"""

import argparse
import json
import time
from pathlib import Path

from stancewire.data.article import Article
from stancewire.data.sentences import segment

ROOT = Path(__file__).resolve().parents[1]
ADVERSE = {"one line of words": "word ", "dots": ".", "quotation marks": '"', "open quotations": "“a. ", "spaces": " "}


def load() -> list[tuple[Article, set[int]]]:
    """Return each seed article with the ends of its annotated spans."""
    folder = ROOT / "data" / "annotations"
    spans = [json.loads(line) for line in (folder / "annotations.jsonl").open(encoding="utf-8")]
    loaded = []
    for line in (folder / "articles.jsonl").open(encoding="utf-8"):
        entry = json.loads(line)
        with (ROOT / "seeds" / entry["document"]).open(encoding="utf-8", newline="") as stream:
            text = stream.read()[entry["start"] : entry["end"]]
        ends = {span["end"] - entry["start"] for span in spans if span["article"] == entry["article"]}
        loaded.append((Article(entry["article"], text), ends))
    return loaded


def boundary_f1(articles: list[tuple[Article, set[int]]]) -> float:
    """Return the F1 of sentence ends over all articles."""
    hit = found = wanted = 0
    for article, ends in articles:
        predicted = {sentence.end for sentence in segment(article)}
        hit, found, wanted = hit + len(predicted & ends), found + len(predicted), wanted + len(ends)
    return 2 * hit / (found + wanted)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to repeat the seed articles (default 5)")
    options = parser.parse_args()
    articles = load()
    print(f"boundary F1 over {len(articles)} articles: {boundary_f1(articles):.4f}")
    count, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - wall < options.seconds:
        count += sum(len(segment(article)) for article, _ in articles)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{count:,} sentences: {count / wall:,.0f} a second of wall clock, {count / cpu:,.0f} a second of CPU time")
    for name, unit in ADVERSE.items():
        article = Article("a", unit * (1_000_000 // len(unit)))
        before = time.process_time()
        segment(article)
        print(f"a million characters, {name}: {time.process_time() - before:.2f} s")


if __name__ == "__main__":
    main()
