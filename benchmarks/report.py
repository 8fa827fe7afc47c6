"""Size of the report, time to write it, and time until Chromium has it ready.

    python benchmarks/report.py [out/annotations.jsonl] [--articles 200 10000]

The records are repeated under new article ids until there are enough articles. "Ready" counts from the start of
navigation to the end of the page's script, when every section is in place: the median of five loads in one browser.
"""

import argparse
import json
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from stancewire.data.codebook import load_codebook
from stancewire.data.views.meta import ReportMeta
from stancewire.data.views.report import write_report

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--window-size=1360,900",
)  # fmt: skip
READY = "return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def repeated(path: Path, articles: int) -> Iterator[dict[str, object]]:
    """Yield the records of ``path`` again and again until ``articles`` articles are through."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    seen = 0
    for turn in count():
        last = None
        for row in rows:
            if row["article_id"] != last:
                last, seen = row["article_id"], seen + 1
                if seen > articles:
                    return
            yield row | {"article_id": f"{last}/{turn}", "duplicate_of": None}


def ready(page: Path) -> float | None:
    """Return the median milliseconds until ``page`` is ready, None without Chromium."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        return None
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=Service(driver))
        times = []
        for _ in range(5):
            browser.get("about:blank")
            browser.get(page.as_uri())
            times.append(float(browser.execute_script(READY)))
        browser.quit()
    return statistics.median(times)


def main() -> None:
    """Print one line per number of articles."""
    parser = argparse.ArgumentParser(description="Size, writing time and loading time of the report.")
    parser.add_argument("records", nargs="?", type=Path, default=Path("out/annotations.jsonl"))
    parser.add_argument("--articles", nargs="+", type=int, default=[200, 10_000])
    options = parser.parse_args()
    for articles in options.articles:
        with tempfile.TemporaryDirectory() as folder:
            begin = time.perf_counter()
            done = write_report(
                repeated(options.records, articles), Path(folder) / "report.html", ReportMeta(), load_codebook()
            )
            seconds = time.perf_counter() - begin
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            loaded = ready(done.report)
        opened = "Chromium not found" if loaded is None else f"ready in {loaded:.0f} ms"
        print(
            f"{done.articles} articles, {done.sentences} sentences: {done.size / 1e6:.2f} MB, {done.pages} pages beside it, "
            f"written in {seconds:.1f} s, peak {peak:.0f} MB, {opened}"
        )


if __name__ == "__main__":
    main()
