"""Owner, department, parent and team of an account: from which day, by whom, and back again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Ownership, TeamMember
from firm.models import DepartmentMembership
from firm.today import today
from tests.factories import AccountFactory, DepartmentFactory, UserFactory

LATER = timedelta(days=30)


@pytest.fixture
def colleague(firm):
    return UserFactory(name="Carla Colleague", roles=["kam"], department=firm.north)


def text_of(response):
    return response.content.decode()


def post(client, account, page, **values):
    return client.post(f"/accounts/{account.pk}/{page}/", {"day": today().isoformat()} | values)


def way_back(client, account, page):
    """The address of the undo that the page offers after an act."""
    told = list(client.get(f"/accounts/{account.pk}/{page}/").context["messages"])
    return told[-1].extra_tags


def owners(account):
    rows = account.ownerships.order_by("valid").select_related("owner")
    return [(row.owner, row.valid.lower, row.valid.upper) for row in rows]


def test_a_head_changes_the_owner_and_both_read_it_in_the_history(client, firm, colleague):
    client.force_login(firm.head)

    response = post(client, firm.turbines, "owner", owner=colleague.pk)

    assert response.url == f"/accounts/{firm.turbines.pk}/owner/"
    assert owners(firm.turbines) == [(firm.owner, None, today()), (colleague, today(), None)]
    text = text_of(client.get(response.url))
    assert "Olga Owner" in text
    assert "Carla Colleague" in text


def test_a_change_to_come_waits_for_its_day_and_a_new_one_takes_its_place(client, firm, colleague):
    client.force_login(firm.head)
    day = today() + LATER

    post(client, firm.turbines, "owner", owner=colleague.pk, day=day.isoformat())
    assert firm.turbines.owner_on(today()) == firm.owner
    assert firm.turbines.owner_on(day) == colleague
    assert "to come" in text_of(client.get(f"/accounts/{firm.turbines.pk}/owner/"))

    post(client, firm.turbines, "owner", owner=firm.owner.pk)
    assert owners(firm.turbines) == [(firm.owner, None, None)]


def test_the_same_owner_again_changes_nothing_and_offers_nothing_to_undo(client, firm):
    client.force_login(firm.head)

    post(client, firm.turbines, "owner", owner=firm.owner.pk)

    assert owners(firm.turbines) == [(firm.owner, None, None)]
    assert way_back(client, firm.turbines, "owner") == ""


def test_the_last_change_is_undone_once(client, firm, colleague):
    client.force_login(firm.head)
    post(client, firm.turbines, "owner", owner=colleague.pk)
    undo = way_back(client, firm.turbines, "owner")

    response = client.post(undo)
    assert response.headers["HX-Refresh"] == "true"
    assert owners(firm.turbines) == [(firm.owner, None, None)]

    assert client.post(undo).status_code == 409
    assert owners(firm.turbines) == [(firm.owner, None, None)]


def test_what_has_changed_since_is_not_undone(client, firm, colleague):
    client.force_login(firm.head)
    post(client, firm.turbines, "owner", owner=colleague.pk)
    undo = way_back(client, firm.turbines, "owner")
    post(client, firm.turbines, "owner", owner=firm.head.pk)

    assert client.post(undo).status_code == 409
    assert firm.turbines.owner_on(today()) == firm.head


@pytest.mark.parametrize("word", ["", "made-up", "a:b:c"])
def test_an_undo_of_nothing_is_refused(client, firm, word):
    client.force_login(firm.head)

    assert client.post(f"/accounts/{firm.turbines.pk}/undo/?word={word}").status_code == 409


def test_nobody_undoes_for_another_or_on_another_account(client, firm, colleague):
    client.force_login(firm.head)
    post(client, firm.turbines, "owner", owner=colleague.pk)
    undo = way_back(client, firm.turbines, "owner")

    elsewhere = undo.replace(f"/{firm.turbines.pk}/", f"/{firm.branch.pk}/")
    assert client.post(elsewhere).status_code == 409
    client.force_login(firm.director)
    assert client.post(undo).status_code == 409
    client.force_login(firm.owner)
    assert client.post(undo).status_code == 404
    assert firm.turbines.owner_on(today()) == colleague


def test_an_account_without_an_owner_stands_in_a_department(client, firm):
    client.force_login(firm.head)

    post(client, firm.turbines, "owner", owner="", department=firm.north.pk)

    assert firm.turbines.owner_on(today()) is None
    assert firm.turbines.placements.get().department == firm.north
    assert "while nobody owns it" in text_of(client.get(f"/accounts/{firm.turbines.pk}/owner/"))


def test_a_head_gives_accounts_within_the_department_alone(client, firm):
    client.force_login(firm.head)

    response = post(client, firm.turbines, "owner", owner=firm.stranger.pk)

    assert response.status_code == 422
    assert "Stan Stranger" not in text_of(response)
    assert firm.turbines.owner_on(today()) == firm.owner


def test_an_owner_reads_the_owners_and_changes_none(client, firm, colleague):
    client.force_login(firm.owner)

    response = client.get(f"/accounts/{firm.turbines.pk}/owner/")
    assert "Change the owner" not in text_of(response)
    assert post(client, firm.turbines, "owner", owner=colleague.pk).status_code == 403
    assert firm.turbines.owner_on(today()) == firm.owner


def test_a_parent_is_found_chosen_and_taken_back(client, firm):
    alone = AccountFactory(name="Gear Works", owner=firm.owner)
    client.force_login(firm.owner)
    page = f"/accounts/{alone.pk}/parent/"

    found = client.get(page, {"q": "works"}, headers={"HX-Request": "true"})
    assert "Turbine Works" in text_of(found)
    assert "Gear Works" not in text_of(found)
    assert "<html" not in text_of(found)

    assert post(client, alone, "parent", parent=firm.turbines.pk).url == page
    assert alone.parent_on(today()) == firm.turbines
    assert "Turbine Works" in text_of(client.get(page))

    post(client, alone, "parent", parent="")
    undo = way_back(client, alone, "parent")
    assert alone.parent_on(today()) is None
    client.post(undo)
    assert alone.parent_on(today()) == firm.turbines


def test_parents_form_no_loop(client, firm):
    client.force_login(firm.owner)

    for parent in (firm.branch, firm.turbines):
        response = post(client, firm.turbines, "parent", parent=parent.pk)
        assert response.status_code == 422
        assert "parents form no loop" in text_of(response)
    assert firm.turbines.parent_on(today()) is None


def test_a_parent_out_of_sight_is_neither_found_nor_taken_nor_named(client, firm):
    client.force_login(firm.owner)
    page = f"/accounts/{firm.turbines.pk}/parent/"

    assert client.get(page, {"q": "quarry"}).context["choices"] == []
    assert post(client, firm.turbines, "parent", parent=firm.quarry.pk).status_code == 422

    firm.turbines.parentages.create(parent=firm.quarry)
    text = text_of(client.get(page))
    assert "Silver Quarry" not in text
    assert "outside your sight" in text


def test_a_colleague_joins_the_team_for_some_days_and_leaves_it(client, firm, colleague):
    client.force_login(firm.owner)
    last = (today() + LATER).isoformat()

    post(client, firm.turbines, "team", user=colleague.pk, part="technical", until=last)
    member = firm.turbines.team.get()
    assert member.valid.upper == today() + LATER + timedelta(days=1)
    assert "technical specialist" in text_of(client.get(f"/accounts/{firm.turbines.pk}/team/"))

    client.post(f"/accounts/{firm.turbines.pk}/team/leave/", {"user": colleague.pk})
    assert not firm.turbines.team.exists()
    client.post(way_back(client, firm.turbines, "team"))
    assert firm.turbines.team.get().user == colleague


def test_who_leaves_was_on_the_team_until_then(client, firm, colleague):
    firm.turbines.team.create(user=colleague, part="kam")
    client.force_login(firm.owner)

    for _again in range(2):
        client.post(f"/accounts/{firm.turbines.pk}/team/leave/", {"user": colleague.pk})

    assert firm.turbines.team.get().valid.upper == today()


def test_a_team_ends_not_before_it_begins(client, firm, colleague):
    client.force_login(firm.owner)
    yesterday = (today() - timedelta(days=1)).isoformat()

    response = post(client, firm.turbines, "team", user=colleague.pk, part="kam", until=yesterday)

    assert response.status_code == 422
    assert not firm.turbines.team.exists()


def test_one_who_is_not_on_the_team_does_not_leave_it(client, firm):
    client.force_login(firm.owner)

    for user in ("", "x", firm.stranger.pk):
        response = client.post(f"/accounts/{firm.turbines.pk}/team/leave/", {"user": user})
        assert response.status_code == 404


@pytest.mark.parametrize("page", ["owner", "team", "parent", "edit", "prospects"])
def test_a_stranger_finds_none_of_the_pages(client, firm, page):
    client.force_login(firm.stranger)

    assert client.get(f"/accounts/{firm.turbines.pk}/{page}/").status_code == 404
    assert post(client, firm.turbines, page).status_code == 404


@pytest.mark.parametrize("page", ["owner", "team", "parent"])
def test_the_pages_cost_the_same_however_long_the_history(client, firm, page):
    client.force_login(firm.head)
    address = f"/accounts/{firm.branch.pk}/{page}/"
    client.get(address)

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    few = cost()
    firm.branch.ownerships.all().delete()
    for n in range(1, 6):
        span = (today() - timedelta(days=n), today() - timedelta(days=n - 1))
        person = UserFactory()
        DepartmentMembership.objects.create(user=person, department=DepartmentFactory())
        Ownership.objects.create(account=firm.branch, owner=person, valid=span)
        TeamMember.objects.create(account=firm.branch, user=person, part="kam", valid=span)
    firm.branch.ownerships.create(owner=firm.owner, valid=(today(), None))
    assert cost() == few
