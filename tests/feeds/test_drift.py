"""A file that is unlike the files before it is said to be so, and stops nothing."""

import io
from datetime import date, timedelta

import pytest

from accounts.feeds.drift import AMOUNT_FACTOR, kept
from accounts.imports.actions import receive, start
from accounts.models import ImportFigures, LedgerEntry, LedgerImport
from firm.jobs import do_next_job
from firm.models import Notification
from kam_crm.events import HANDLERS
from tests.factories import UserFactory
from tests.feeds.conftest import moment, told
from tests.ledgers import HEADER, feed_rows

pytestmark = pytest.mark.django_db
LAST = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def rows(count=20, *, of=100, day=LAST, prefix="INV", account="K1"):
    return [f"{account},{day},{of + n},60,EUR,{prefix}-{day}-{n},1" for n in range(count)]


def usual_days(count=3, **about):
    """Files of the days before, all alike."""
    for n in range(count, 0, -1):
        day = LAST - timedelta(days=n)
        with moment(f"{day:%m-%d} 23:00"):
            feed_rows(*rows(day=day, **about), file_name="usual.csv")


def sent(*lines, header=HEADER, **options):
    """The oddities of a file that comes after the usual ones, as sentences."""
    with moment("11-20 23:00"):
        report = feed_rows(*lines, header=header, file_name="odd.csv", **options)
    return report.notes


def test_the_first_files_and_those_like_them_are_not_odd(feeder):
    usual_days()
    assert sent(*rows()) == []
    assert all(figures.oddities == [] for figures in ImportFigures.objects.all())
    assert told(feeder) == []


def test_a_new_column_and_a_missing_one_are_named(feeder):
    usual_days(1)
    header = "account_ref,booked_on,revenue,Region,currency,document,line"

    assert sent(*rows(), header=header) == [
        "odd.csv lacks columns that the file before had: cost.",
        "odd.csv has columns that the file before had not: Region.",
    ]
    assert len(told(feeder)) == 2
    channels = set(feeder.notifications.values_list("channel", flat=True))
    assert channels == {Notification.Channel.DIGEST}
    # What stands is the usual from now on.
    header = header.replace("Region", "REGION ")
    with moment("11-21 23:00"):
        again = feed_rows(*rows(prefix="B"), header=header)
    assert again.notes == []


def test_amounts_a_hundredfold_are_told_at_once(feeder):
    usual_days(1)

    (sentence,) = sent(*rows(of=10_950))

    assert sentence == (
        "In odd.csv amounts in EUR are 100.5 times as large as usual: "
        "the middle one is 10,959, usually 109."
    )
    notice = feeder.notifications.get()
    assert (notice.rendered(), notice.channel) == (sentence, Notification.Channel.NOW)
    assert f"/imports/{LedgerImport.objects.latest('pk').pk}/" == notice.link


@pytest.mark.parametrize(
    ("middle", "is_odd"),
    [
        (100 * AMOUNT_FACTOR, True),
        (100 * AMOUNT_FACTOR - 1, False),
        (100 / AMOUNT_FACTOR, True),
        (100 / AMOUNT_FACTOR + 0.01, False),
    ],
)
def test_from_which_factor_amounts_are_odd(feeder, middle, is_odd):
    with moment("11-19 23:00"):
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1", "K1,2026-11-19,-100,60,EUR,INV-2,1")

    found = sent(f"K1,2026-11-20,{middle:.4f},60,EUR,INV-3,1")

    assert bool(found) is is_odd


def test_amounts_are_compared_by_currency_and_credit_notes_by_their_size(feeder):
    with moment("11-19 23:00"):
        feed_rows("K1,2026-11-19,100,60,EUR,INV-1,1")

    assert sent("K1,2026-11-20,15000,9000,JPY,INV-2,1") == []
    assert sent("K1,2026-11-20,-10,,EUR,INV-3,1") == []


@pytest.mark.parametrize(("count", "word"), [(4, "shorter"), (5, ""), (99, ""), (100, "longer")])
def test_a_file_that_is_far_shorter_or_longer_is_odd(feeder, count, word):
    usual_days(3)
    found = sent(*rows(count))
    told = f"odd.csv is far {word} than usual. Rows: {count}, usually about 20."
    assert found == ([told] if word else [])


def test_length_is_not_compared_before_there_is_a_usual_one(feeder):
    usual_days(2)
    assert sent(*rows(2)) == []


def test_days_outside_the_usual_span_are_counted(feeder):
    usual_days(3)
    old, new = date(2026, 10, 1), date(2027, 11, 20)

    found = sent(*rows(), *rows(2, day=old), *rows(1, day=new))

    older, newer = found
    assert older == (
        "odd.csv has lines from before 20 Oct 2026, older than usual: "
        "2 of them, the first of 1 Oct 2026."
    )
    assert newer == (
        "odd.csv has lines from after 27 Nov 2026, newer than usual: "
        "1 of them, the last of 20 Nov 2027."
    )


def test_a_large_share_of_rejected_or_unassigned_rows_is_odd(feeder):
    usual_days(3)
    wrong = [row.replace("EUR", "EURO") for row in rows(5, prefix="W")]

    found = sent(*rows(30), *wrong, *rows(5, prefix="U", account=""))

    assert found == [
        "In odd.csv far more rows than usual are rejected: 12.5 %, usually 0 %.",
        "In odd.csv far more rows than usual have no account: 12.5 %, usually 0 %.",
    ]


def test_what_was_undone_says_nothing_of_the_usual(feeder):
    usual_days(1)
    LedgerImport.objects.update(state="undone")
    assert sent(*rows(of=10_950)) == []


def through_the_worker(text, person, **options):
    imported = receive(
        stream=io.BytesIO(text.encode()), file_name="odd.csv", source="erp", by=person
    )
    start(imported, by=person, **options)
    while do_next_job(HANDLERS):
        pass
    imported.refresh_from_db()
    return imported


def test_a_dry_run_shows_what_is_odd_before_anything_is_stored(feeder):
    usual_days(1)
    lines = LedgerEntry.objects.count()
    text = "\n".join([HEADER, *rows(of=10_950)])
    with moment("11-20 23:00"):
        imported = through_the_worker(text, feeder, dry_run=True)

    assert imported.state == LedgerImport.State.DRAFT
    assert LedgerEntry.objects.count() == lines
    (oddity,) = kept(imported.figures)
    assert oddity.is_grave
    assert "times as large as usual" in oddity.told
    assert not any("times as large" in sentence for sentence in told(feeder))


def test_a_file_that_asks_about_its_rows_shows_it_too(feeder):
    usual_days(1)
    text = "\n".join([HEADER, *rows(of=10_950), "K1,soon,1,1,EUR,X-1,1"])
    with moment("11-20 23:00"):
        imported = through_the_worker(text, feeder)

    assert imported.state == LedgerImport.State.ASKING
    assert len(kept(imported.figures)) == 1


def test_the_sentences_are_in_the_readers_language(feeder):
    usual_days(1)
    german = UserFactory(roles=["director"], language="de")
    sent(*rows(of=10_950))
    assert "10.959" in told(german)[0]
