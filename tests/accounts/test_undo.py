"""An import is taken back: what it created, corrected and voided, and nothing else."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.actions.imports import CannotUndo, Outlook, outlook, undo
from accounts.models import ExchangeRate, LedgerEntry, LedgerImport, LeftLine
from kam_crm.integrity import faults
from segmentation.nightly import recompute
from tests.factories import UserFactory
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)
LINE = "K1,2024-02-29,100,60,EUR,INV-{0},1"
OTHER = "K2,2024-02-28,90,50,EUR,INV-{0},1"


def fed(*rows, **options):
    feed_rows(*rows, **options)
    return LedgerImport.objects.latest("pk")


def take_back(imported):
    return undo(imported, by=UserFactory(roles=["administrator"]))


def lines():
    """The ledger as a reader sees it."""
    entries = LedgerEntry.objects.order_by("document", "line")
    return [
        (
            f"{entry.document}/{entry.line}",
            entry.account and entry.account.account_ref,
            entry.booked_on.isoformat(),
            entry.revenue,
            entry.cost,
        )
        for entry in entries.select_related("account")
    ]


def standings(capsys):
    capsys.readouterr()
    call_command("standings", as_of=DAY)
    return capsys.readouterr().out


def test_lines_that_it_created_take_no_part_any_more():
    first = fed(LINE.format(1))
    second = fed(LINE.format(2), LINE.format(3))

    assert take_back(second) == Outlook(withdrawn=2)

    assert [line[0] for line in lines()] == ["INV-1/1"]
    assert first.undone_at is None
    second.refresh_from_db()
    assert second.undo_report == {"withdrawn": 2, "restored": 0, "left": 0}


def test_lines_that_it_corrected_get_their_values_back_account_and_day_included():
    fed(LINE.format(1))
    before = lines()
    second = fed(OTHER.format(1))
    assert lines() != before

    assert take_back(second) == Outlook(restored=1)

    assert lines() == before


def test_lines_that_it_voided_get_their_values_back():
    fed(LINE.format(1), LINE.format(1).replace(",1", ",2", 1).replace("INV-1,1", "INV-1,2"))
    before = lines()
    second = fed(LINE.format(1), whole_documents=True)
    assert Decimal(0) in [line[3] for line in lines()]

    assert take_back(second) == Outlook(restored=1)

    assert lines() == before


def test_a_line_that_a_later_import_corrected_is_left_and_named_with_it():
    first = fed(LINE.format(1), LINE.format(2))
    second = fed(OTHER.format(1))

    assert take_back(first) == Outlook(withdrawn=1, left=1)

    assert [line[:2] for line in lines()] == [("INV-1/1", "K2")]
    left = LeftLine.objects.get()
    assert (left.imported, left.entry.document, left.kept_by) == (first, "INV-1", second)


@pytest.mark.parametrize("order", [(1, 0), (0, 1)])
def test_both_undone_in_any_order_give_what_stood_before_both(capsys, order):
    fed(LINE.format(1), OTHER.format(2))
    before = standings(capsys)
    imports = [fed(OTHER.format(1), LINE.format(3)), fed(LINE.format(1), OTHER.format(3))]
    assert standings(capsys) != before

    for n in order:
        take_back(imports[n])

    assert standings(capsys) == before


def test_undone_twice_is_refused_and_changes_nothing():
    imported = fed(LINE.format(1))
    take_back(imported)

    with pytest.raises(CannotUndo):
        take_back(imported)
    with pytest.raises(CannotUndo):
        outlook(LedgerImport.objects.get())


def test_the_outlook_tells_what_the_undo_then_does_and_changes_nothing():
    first = fed(LINE.format(1), LINE.format(2))
    fed(OTHER.format(1))
    before = lines()

    told = outlook(first)

    assert lines() == before
    assert told == take_back(first)


def test_a_withdrawn_line_that_comes_again_is_booked_as_a_new_one():
    take_back(fed(LINE.format(1)))

    report = feed_rows(OTHER.format(1))

    assert (report.created, report.corrected, report.unchanged) == (1, 0, 0)
    assert [line[:2] for line in lines()] == [("INV-1/1", "K2")]

    assert take_back(LedgerImport.objects.latest("pk")) == Outlook(withdrawn=1)
    assert lines() == []


def test_a_withdrawn_document_may_come_again_with_line_numbers():
    take_back(fed("K1,2024-02-29,10,,EUR,INV-1,"))

    assert feed_rows("K1,2024-02-29,10,,EUR,INV-1,1").created == 1


def test_a_withdrawn_line_is_not_voided_by_a_whole_document():
    take_back(fed(LINE.format(1)))

    assert feed_rows("K1,2024-02-29,10,,EUR,INV-1,2", whole_documents=True).voided == 0


def test_the_former_amount_follows_its_rate():
    fed("K1,2024-02-29,1,,EUR,INV-0,1")
    rate = ExchangeRate.objects.create(currency="USD", day=DAY, rate="0.5")
    fed("K1,2024-02-29,10,4,USD,INV-1,1")
    second = fed("K1,2024-02-29,20,8,USD,INV-1,1")

    take_back(second)

    entry = LedgerEntry.objects.get(document="INV-1")
    assert (entry.revenue, entry.cost, entry.rate_on) == (5, 2, rate.day)
    assert list(faults()) == []


def test_a_line_withdrawn_while_it_waited_for_a_rate_is_never_converted():
    fed("K1,2024-02-29,1,,EUR,INV-0,1")
    take_back(fed("K1,2024-02-29,10,4,USD,INV-1,1"))
    ExchangeRate.objects.create(currency="USD", day=DAY, rate="0.5")

    run = recompute(DAY)

    assert run.facts["unconverted_lines"] == 0
    assert LedgerEntry.with_withdrawn.get(document="INV-1").revenue is None


def test_population_and_ledger_dates_forget_withdrawn_lines():
    fed(LINE.format(1))
    take_back(fed("K9,2023-01-31,5,,EUR,OLD,1", "K8,2024-02-29,5,,EUR,NEW,1"))

    run = recompute(DAY)

    assert run.summary["population"] == 1
    assert run.facts["ledger_from"] == "2024-02-29"


def test_a_night_before_the_undo_is_no_fault():
    imported = fed(LINE.format(1), OTHER.format(2))
    LedgerImport.objects.update(started_at="2024-01-01T00:00Z")
    recompute(DAY)

    take_back(imported)

    assert list(faults()) == []
    recompute(DAY)
    assert list(faults()) == []


def test_the_undo_of_one_source_leaves_the_same_document_of_another():
    fed(LINE.format(1), source="crm")

    take_back(fed(LINE.format(1), source="erp"))

    assert LedgerEntry.objects.get().source.name == "crm"
