"""The articles of one split as an input feed: something to annotate that no model was trained on.

``python -m stancewire.data.feed_of_split test out/feed.jsonl``
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

from stancewire.data.corpus import load_corpus
from stancewire.data.splits import SHARES, load_split


def write_feed(split: str, path: Path) -> int:
    """Write the split's articles as JSON lines (id, title, text, source); returns how many."""
    corpus = load_corpus()
    names = load_split(corpus).part(split)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as out:
        for name in names:
            article = corpus.article(name)
            document = corpus.by_article[name][0].document
            row = {"id": name, "title": article.title, "text": article.text, "source": document}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    os.replace(beside, path)  # noqa: PTH105
    return len(names)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", choices=tuple(SHARES))
    parser.add_argument("output", type=Path)
    args = parser.parse_args(argv)
    write_feed(args.split, args.output)


if __name__ == "__main__":
    main()
