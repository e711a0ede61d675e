"""`kill -9` in the middle of an import leaves nothing; the next import takes it all."""

import pytest

from accounts.models import Account, LedgerEntry, LedgerImport
from tests.ledgers import ADVENTUREWORKS, feed
from tests.processes import kill, running, start, wait_until


@pytest.mark.parametrize("statement", ["COPY stage", "INSERT INTO accounts_ledgerentry"])
def test_an_import_that_is_killed_leaves_nothing_and_the_next_takes_all(
    statement, transactional_db
):
    process = start("import_ledger", ADVENTUREWORKS, "--source", "erp")
    wait_until(lambda: running(statement))
    kill(process)

    assert not LedgerEntry.objects.exists()
    assert not Account.objects.exists()
    assert not LedgerImport.objects.exists()
    assert feed(ADVENTUREWORKS).created == 60855
