"""The portfolio that was worked out with pencil and paper, edge by edge."""

import csv
import json
from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Account, LedgerEntry
from segmentation.models import Flag, GroupStanding, KeyPeriod, Run, Standing, StandingHistory
from segmentation.nightly import recompute
from tests.ledgers import GOLDEN, feed, feed_golden

pytestmark = pytest.mark.django_db

DAY_1, DAY_2 = date(2024, 2, 29), date(2024, 3, 1)
EXPECTED = json.loads((GOLDEN / "expected.json").read_text())
with (GOLDEN / "expected.csv").open() as file:
    ROWS = list(csv.DictReader(file))


def percent(share):
    return None if share is None else round(float(share) * 100, 4)


def as_expected(row):
    """A stored row in the words of the sheet."""
    return {
        "rank": str(row.rank),
        "account_ref": row.account.account_ref,
        "owner": row.owner.staff_ref,
        "department": row.department.code,
        "group": row.group.account_ref,
        "turnover": str(row.turnover),
        "income": str(row.income),
        "basis": str(row.basis),
        "previous": str(row.previous),
        "share_percent": "" if row.share is None else str(percent(row.share)),
        "abc": row.abc,
        "core": str(row.core),
        "group_share_percent": "" if row.group_share is None else str(percent(row.group_share)),
        "band": row.band,
        "key_by": row.key_by,
        "trend": row.trend,
        "purchase_months": str(row.purchase_months),
        "prospects": str(row.prospects or "unrated"),
        "disputed": str(row.disputed),
        "segment": row.segment,
    }


def stored(day):
    rows = StandingHistory.objects.filter(as_of=day).order_by("rank")
    return [as_expected(row) for row in rows.select_related("account", "group", "owner")]


@pytest.mark.parametrize("day", [DAY_1, DAY_2])
def test_every_account_of_the_sheet_stands_where_pencil_and_paper_put_it(day):
    feed_golden()
    recompute(day)

    sheet = [row for row in ROWS if row["as_of"] == day.isoformat()]
    for row, told in zip(stored(day), sheet, strict=True):
        assert row == {name: told[name] for name in row}


@pytest.mark.parametrize("day", [DAY_1, DAY_2])
def test_the_groups_and_the_portfolio_agree_with_the_sheet(day):
    feed_golden()
    told = EXPECTED[day.isoformat()]

    run = recompute(day)

    groups = {group.group.account_ref: group for group in GroupStanding.objects.on(day)}
    assert {ref: str(group.basis) for ref, group in groups.items()} == told["group_basis"]
    assert {ref: group.band for ref, group in groups.items()} == told["group_band"]
    assert {
        ref: group.share and str(percent(group.share)) for ref, group in groups.items()
    } == told["group_share_percent"]
    assert sorted(ref for ref, group in groups.items() if group.key) == sorted(
        told["key_groups_with_qualified"]
    )
    for name in (
        "basis",
        "fell_back_to_turnover",
        "population",
        "turnover",
        "income",
        "unassigned",
        "abc",
        "trend",
        "segment",
    ):
        assert run.summary[name] == told[name]
    assert run.summary["band"] == told["band_per_account"]
    assert run.summary["hhi"] == float(told["hhi_groups"])
    assert run.summary["effective_clients"] == float(told["effective_groups"])
    assert Decimal(run.facts["uncosted_percent"]) == Decimal(told["uncosted_percent"])


def test_day_one_after_day_two_is_as_before_and_leaves_the_newest_day_alone():
    feed_golden()
    first = recompute(DAY_1)
    before = stored(DAY_1)
    recompute(DAY_2)
    now = list(Standing.objects.values())
    flags = list(Flag.objects.values())

    again = recompute(DAY_1)

    assert again.changed == 0
    assert stored(DAY_1) == before
    assert {**again.summary, "changed": 0, "seconds": 0} == {
        **first.summary,
        "changed": 0,
        "seconds": 0,
    }
    assert list(Standing.objects.values()) == now
    assert list(Flag.objects.values()) == flags
    assert Run.objects.newest().as_of == DAY_2


def test_the_file_twice_changes_nothing_and_shuffled_rows_give_the_same(tmp_path):
    feed_golden()
    recompute(DAY_1)
    before = stored(DAY_1)
    header, *rows = (GOLDEN / "ledger.csv").read_text().splitlines()
    shuffled = tmp_path / "shuffled.csv"
    shuffled.write_text("\n".join([header, *sorted(rows, reverse=True)]))

    report = feed(shuffled)

    assert (report.created, report.corrected, report.unchanged) == (0, 0, 32)
    recompute(DAY_1)
    assert stored(DAY_1) == before


def test_the_unassigned_line_counts_in_the_test_of_costs_and_in_no_account():
    feed_golden()

    run = recompute(DAY_1)

    assert run.basis == "income"
    assert run.facts["uncosted_percent"] == "5.0000"
    assert run.facts["unassigned_percent"] == "4.8750"
    assert LedgerEntry.objects.filter(account=None).count() == 1


def test_a_qualified_group_is_key_and_its_memory_begins():
    feed_golden()
    recompute(DAY_1)

    group = Account.objects.get(account_ref="m02")
    assert Standing.objects.get(account=group).key_by == "qualification"
    assert KeyPeriod.objects.get(group=group).since == DAY_1


def test_the_change_of_basis_raises_one_flag_that_clears_with_the_next_run():
    feed_golden()
    recompute(DAY_1)
    assert not Flag.objects.filter(kind=Flag.Kind.BASIS_CHANGED).exists()

    recompute(DAY_2)
    assert Flag.objects.open().filter(kind=Flag.Kind.BASIS_CHANGED).count() == 1

    recompute(date(2024, 3, 2))
    assert not Flag.objects.open().filter(kind=Flag.Kind.BASIS_CHANGED).exists()
