"""A headless Chromium for the tests, and what they do in it."""

import io
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

Browser = webdriver.Chrome

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1360,900",
)  # fmt: skip


def started() -> Iterator[Browser]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("needs Chromium and its driver (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        yield driver
        driver.quit()


def opened(browser: Browser, path: Path, fragment: str = "") -> None:
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(path.as_uri() + fragment)
    WebDriverWait(browser, 20).until(lambda b: b.execute_script("return document.readyState") == "complete")


def complaints(browser: Browser) -> list[str]:
    return [str(entry["message"]) for entry in browser.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]


def all_of(browser: Browser | WebElement, selector: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def one(browser: Browser | WebElement, selector: str) -> WebElement:
    return browser.find_element(By.CSS_SELECTOR, selector)


def press(browser: Browser, element: WebElement) -> None:
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def colours(png: bytes) -> int:
    with Image.open(io.BytesIO(png)) as picture:
        return len(picture.convert("RGB").getcolors(1 << 24) or [])


def saved(browser: Browser, folder: Path, kind: str) -> bytes:
    """Press the button that saves the network, and return what it saved."""
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    press(browser, one(browser, f"#save-{kind}"))
    deadline = time.monotonic() + 20
    while not (found := list(folder.glob(f"network-*.{kind}"))):
        assert time.monotonic() < deadline, f"no {kind} was saved"
        time.sleep(0.1)
    return found[0].read_bytes()


def channels(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
