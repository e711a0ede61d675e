"""Files on their way in, each test with its own folder for them."""

import io

import pytest

from accounts.imports.actions import receive, start
from firm.jobs import do_next_job
from kam_crm.events import HANDLERS
from tests.factories import UserFactory


@pytest.fixture
def feeder(db):
    return UserFactory(name="Fay Feeder", roles=["administrator"])


@pytest.fixture
def desk(client, feeder):
    """A browser of somebody who feeds the ledger."""
    client.force_login(feeder)
    return client


def send(text, *, encoding="utf-8", by=None, **given):
    content = text if isinstance(text, bytes) else text.encode(encoding)
    options = {"file_name": "ledger.csv", "source": "erp"} | given
    by = by or UserFactory(roles=["administrator"])
    return receive(stream=io.BytesIO(content), by=by, **options)


def do_jobs():
    while do_next_job(HANDLERS):
        pass


def take(imported, **options):
    start(imported, by=imported.by, **options)
    do_jobs()
    imported.refresh_from_db()
    return imported
