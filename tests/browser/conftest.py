"""A real browser on the real site: pytest-playwright on pytest-django's `live_server`."""

import os
import shutil

import psycopg
import pytest
from django.db import connection, connections

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


def copy_database(new, old):
    """Make database `new` from `old`, cutting off whoever uses them."""
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(**server(), autocommit=True) as maintenance:
        maintenance.execute(cut, [old])
        maintenance.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
        maintenance.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')


def server():
    given = connection.settings_dict
    return {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "dbname": "postgres",
    }


@pytest.fixture(scope="package")
def kept_database(django_db_setup, django_db_blocker):
    """A copy of the migrated database, and afterwards the database as it was."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connections.close_all()
        copy_database(f"{name}_kept", name)
        yield
        connections.close_all()
        copy_database(name, f"{name}_kept")


@pytest.fixture
def transactional_db(kept_database, django_db_blocker):
    """Stands in for pytest-django's under `live_server`: rows are committed, then forgotten.

    That one truncates afterwards, which takes the roles and the policy with it.
    """
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connections.close_all()
        copy_database(name, f"{name}_kept")
        yield
        connections.close_all()
