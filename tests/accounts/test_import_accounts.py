"""Accounts from a table: dated facts keep their history, empty cells keep what is there."""

from datetime import date, timedelta

import pytest

from accounts.models import Account
from firm.today import today
from segmentation.models import ProspectRating, Qualification
from tests.factories import AccountFactory, UserFactory
from tests.ledgers import feed_accounts

pytestmark = pytest.mark.django_db


def owners(account):
    history = account.ownerships.order_by("valid")
    return [(row.owner.staff_ref, row.valid.lower, row.valid.upper) for row in history]


def test_a_row_makes_an_account_with_owner_and_department_from_the_beginning():
    report = feed_accounts(
        "K1,Key One,ann,north", header="account_ref,account_name,owner,department"
    )

    assert (report.created, report.departments_created) == (1, ["north"])
    account = Account.objects.get()
    assert account.owner_on(date(1990, 1, 1)).staff_ref == "ann"
    assert account.placements.get().department.code == "north"


def test_the_same_file_again_changes_nothing():
    row, header = (
        "K1,ann,2023-11-01,bob,4,2",
        "account_ref,owner,owner_from,previous_owner,prospects_kam,prospects_head",
    )
    feed_accounts(row, header=header)

    report = feed_accounts(row, header=header)

    assert (report.unchanged, report.updated) == (1, 0)


def test_an_empty_cell_keeps_what_is_there():
    AccountFactory(account_ref="K1", name="Key One", industry="Pumps")

    report = feed_accounts("K1,,Valves", header="account_ref,account_name,industry")

    assert report.updated == 1
    account = Account.objects.get()
    assert (account.name, account.industry) == ("Key One", "Valves")


def test_an_owner_from_a_day_on_leaves_the_days_before_to_the_former_one():
    feed_accounts("K1,ann", header="account_ref,owner")

    feed_accounts("K1,bob,2024-01-15", header="account_ref,owner,owner_from")

    day = date(2024, 1, 15)
    assert owners(Account.objects.get()) == [("ann", None, day), ("bob", day, None)]


def test_a_previous_owner_tells_the_whole_history():
    header = "account_ref,owner,owner_from,previous_owner"
    feed_accounts("K1,boris,2023-11-01,anna", header=header)

    feed_accounts("K1,boris,2024-03-01,anna", header=header)

    day = date(2024, 3, 1)
    assert owners(Account.objects.get()) == [("anna", None, day), ("boris", day, None)]


def test_an_owner_without_a_day_never_wipes_out_a_history_that_is_on_record():
    feed_accounts("K1,bob,2024-01-15,ann", header="account_ref,owner,owner_from,previous_owner")

    feed_accounts("K1,cy", header="account_ref,owner")

    told = owners(Account.objects.get())
    assert [name for name, _lower, _upper in told] == ["ann", "bob", "cy"]
    assert told[-1][1] == today()


def test_an_owner_is_found_by_staff_reference_or_email():
    ann = UserFactory(email="ann@example.com")

    report = feed_accounts("K1,Ann@Example.com", header="account_ref,owner")

    assert report.placeholders_created == []
    assert Account.objects.get().owner_on(today()) == ann


def test_a_loop_with_stored_parents_is_rejected_and_the_rest_goes_in():
    feed_accounts("K2,K1", header="account_ref,parent_ref")

    report = feed_accounts("K1,K2", "K3,K2", header="account_ref,parent_ref")

    assert (report.rejected, report.created) == (1, 1)
    assert report.rejected_rows[0]["problems"][0]["field"] == "parent_ref"


@pytest.mark.parametrize(
    ("header", "row", "field"),
    [
        ("account_ref,prospects_kam", "K1,6", "prospects_kam"),
        ("account_ref,headcount", "K1,many", "headcount"),
        ("account_ref,kind", "K1,friend", "kind"),
        ("account_ref,owner_from", "K1,1.2.2024", "owner_from"),
        ("account_ref,closed_on", "K1,2024-01-01", "close_reason"),
        ("account_ref,previous_owner", "K1,ann", "previous_owner"),
        ("account_ref,qualified_ground", "K1,image", "qualified_ground"),
        ("account_ref,qualified_ground,qualified_on", "K1,luck,2024-01-01", "qualified_ground"),
        ("account_ref,account_name", ",Nobody", "account_ref"),
    ],
)
def test_a_malformed_value_is_rejected_by_its_field(header, row, field):
    report = feed_accounts(row, header=header)

    assert report.rejected == 1
    assert field in {problem["field"] for problem in report.rejected_rows[0]["problems"]}
    assert not Account.objects.exists()


def test_two_different_rows_of_one_account_are_both_rejected():
    report = feed_accounts("K1,A", "K1,B", "K2,C", "K2,C", header="account_ref,account_name")

    assert (report.rows, report.rejected, report.created) == (3, 2, 1)


def test_ratings_and_qualifications_come_with_their_days():
    feed_accounts(
        "K1,4,2,2024-01-01,competent,2023-12-01",
        header="account_ref,prospects_kam,prospects_head,prospects_on,qualified_ground,qualified_on",
    )

    ratings = ProspectRating.objects.order_by("score").values_list("rater", "score", "rated_on")
    assert list(ratings) == [("head", 2, date(2024, 1, 1)), ("kam", 4, date(2024, 1, 1))]
    assert Qualification.objects.get().approved_on == date(2023, 12, 1)


def test_a_rating_without_a_day_holds_from_today_where_dated_ones_are_on_record():
    feed_accounts("K1,4,2024-01-01", header="account_ref,prospects_kam,prospects_on")

    feed_accounts("K1,2", header="account_ref,prospects_kam")

    newest = ProspectRating.objects.order_by("rated_on").last()
    assert (newest.score, newest.rated_on) == (2, today())
    assert newest.rated_on > date(2024, 1, 1) + timedelta(days=1)
