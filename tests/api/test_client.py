"""The example client against a server that runs, with a worker beside it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firm.jobs import do_next_job
from firm.models import ApiToken
from kam_crm.events import HANDLERS
from segmentation.nightly import recompute
from tests.factories import TODAY, AccountFactory, EntryFactory, UserFactory

CLIENT = Path(__file__).parents[2] / "examples" / "feed_ledger.py"
LEDGER = "account_ref,booked_on,revenue,cost,document\nA1,2024-02-01,10,4,D1\n"


@pytest.fixture
def feed(live_server, tmp_path):
    user = UserFactory(roles=["director"])
    EntryFactory(account=AccountFactory(account_ref="OLD"))
    recompute(TODAY)
    file = tmp_path / "ledger.csv"

    def feed(text, *scopes):
        file.write_text(text)
        _token, secret = ApiToken.objects.create(user, name="feed", scopes=list(scopes))
        client = subprocess.Popen(
            [sys.executable, "-I", str(CLIENT), live_server.url, "erp", str(file)],
            env=os.environ | {"KAM_TOKEN": secret},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        while client.poll() is None:
            do_next_job(HANDLERS)
            time.sleep(0.05)
        return client.returncode, client.communicate()[0]

    return feed


def test_a_ledger_is_fed_and_standings_are_read(feed):
    code, told = feed(LEDGER, "read", "ledger:write")

    assert code == 0, told
    assert "done" in told
    assert "created: 1" in told
    assert "OLD: A 1.000000" in told
    _code, again = feed(LEDGER, "read", "ledger:write")
    assert again == told

    code, told = feed(LEDGER + "A2,soon,1,1,D2\n", "read", "ledger:write")
    assert code == 1
    assert "row 3: booked_on" in told

    code, told = feed(LEDGER, "read")
    assert code == 1
    assert told.startswith("missing-scope")
