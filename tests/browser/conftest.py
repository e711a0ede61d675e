"""A real browser on the real site: pytest-playwright on pytest-django's `live_server`."""

import os
import shutil

import pytest

# Playwright runs a loop in the test's own thread; the ORM is used between its calls only.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
NAMES = ("chromium", "chromium-browser", "google-chrome")
CALM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    found = os.environ.get("KAM_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("No browser is there and none could be installed: use BROWSER=no.", False)
    return browser_type_launch_args | {"executable_path": found, "args": CALM}
