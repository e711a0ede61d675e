"""A pytest plugin: tests live on a cluster of their own, never on the running one.

Named in pyproject.toml, because pytest-django reads the settings before any conftest.
"""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from kam_crm import keeper

for name in ("DATABASE_URL", "REDIS_URL", "KAM_ENV", "KAM_POOL", "DATABASE_REPLICA_URL"):
    os.environ.pop(name, None)
# `make test` gives a folder that it removes; a plain `pytest` comes back to the same one.
DATA = Path(os.environ.get("KAM_TEST_DATA") or Path(__file__).parent.parent / ".data-test")
os.environ["KAM_DATA"] = str(DATA)

# A test's data may be lost with the machine.
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
stack = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    stack.enter_context(keeper.servers(keeper.data_folder(), *NOT_DURABLE))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    stack.close()
