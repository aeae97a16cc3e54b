"""The site as `make html` built it, in Debian's Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

SITE = Path(__file__).parents[2] / "build" / "html"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no chromium: `make test` installs it where it may")
    arguments = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    # Chromium refuses to run as root with its sandbox, as it would in CI; the pages are our own.
    arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium, "args": arguments}


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").is_file():
        pytest.skip("the site is not built: `make test` builds it")
    return SITE


@pytest.fixture
def reader(page: Page) -> Iterator[Page]:
    """A page of the browser. That it meets an error, or asks for anything that is not on the disk, is a failure."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith("file:") else complaints.append(request.url))
    yield page
    assert complaints == []
