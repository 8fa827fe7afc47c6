"""Sentences a second of attribution, without the encoder, on one process and on two."""

import json
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path

from stancewire.data.article import Article, Sentence
from stancewire.features.attribution import attribute

ROOT = Path(__file__).parents[1]
SYNTHETIC = ROOT / "data" / "annotations" / "synthetic.jsonl"
TARGET = 3000
ROUNDS = 3
PROCESSES = 2

Work = list[tuple[Article, list[Sentence]]]


def articles() -> Work:
    """Return the synthetic articles as one title and one body each."""
    rows = [json.loads(line) for line in SYNTHETIC.read_text(encoding="utf-8").splitlines()]
    work: Work = []
    for name, group in groupby(rows, key=lambda row: row["article"]):
        title, *texts = [row["text"] for row in group]
        sentences, body = [Sentence(0, "title", 0, len(title), title)], ""
        for index, text in enumerate(texts, start=1):
            body += " " if body else ""
            sentences.append(Sentence(index, "body", len(body), len(body) + len(text), text))
            body += text
        work.append((Article(name, body, title=title), sentences))
    return work


def run(work: Work) -> int:
    """Attribute all articles; return the number of sentences."""
    for article, sentences in work:
        attribute(article, sentences)
    return sum(len(sentences) for _, sentences in work)


def main() -> None:
    """Print the best of some rounds, by wall clock and by processor time."""
    work = articles()
    run(work[:5])
    wall, processor = [], []
    for _ in range(ROUNDS):
        begin, began = time.perf_counter(), time.process_time()
        count = run(work)
        wall.append(count / (time.perf_counter() - begin))
        processor.append(count / (time.process_time() - began))
    print(f"one process: {max(wall):,.0f} sentences a second ({max(processor):,.0f} a second of processor time)")
    with ProcessPoolExecutor(PROCESSES) as pool:
        list(pool.map(run, [work[:5]] * PROCESSES))
        begin = time.perf_counter()
        count = sum(pool.map(run, [work[at::PROCESSES] for at in range(PROCESSES)]))
        both = count / (time.perf_counter() - begin)
    print(f"{PROCESSES} processes: {both:,.0f} sentences a second (at least {TARGET:,} expected)")


if __name__ == "__main__":
    main()
