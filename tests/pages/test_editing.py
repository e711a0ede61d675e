"""Creating and editing an account, and what happens when two people save the same one."""

import pytest

from accounts.models import Account
from tests.factories import AccountFactory, UserFactory

RECORD = {"name": "Turbine Works", "account_ref": "T1", "kind": "company"}


@pytest.fixture
def turbines(firm):
    firm.turbines.account_ref = "T1"
    firm.turbines.save()
    return firm.turbines


def version_on(client, account):
    return client.get(f"/accounts/{account.pk}/edit/").context["version"]


def edit(client, account, **values):
    version = values.pop("version", None) or version_on(client, account)
    data = RECORD | {"version": version} | values
    return client.post(f"/accounts/{account.pk}/edit/", data)


def text_of(response):
    return response.content.decode()


def test_an_account_that_a_manager_creates_is_their_own(client, firm):
    client.force_login(firm.owner)

    response = client.post(
        "/accounts/new/", {"name": "Zinc", "account_ref": "Z", "kind": "public"}
    )

    account = Account.objects.get(account_ref="Z")
    assert response.url == f"/accounts/{account.pk}/"
    assert account.owner_on(firm.run.as_of) == firm.owner
    assert client.get(response.url).status_code == 200


def test_an_account_that_a_head_creates_waits_in_the_department_for_its_owner(client, firm):
    client.force_login(firm.head)

    response = client.post(
        "/accounts/new/", {"name": "Zinc", "account_ref": "Z", "kind": "company"}
    )

    assert Account.objects.get(account_ref="Z").placements.get().department == firm.north
    assert client.get(response.url).status_code == 200


def test_what_is_missing_is_said_in_the_form(client, firm):
    client.force_login(firm.owner)

    response = client.post("/accounts/new/", {"name": "", "account_ref": "Z", "kind": "company"})

    assert response.status_code == 422
    assert "This field is required." in text_of(response)
    assert not Account.objects.filter(account_ref="Z").exists()


def test_a_like_name_in_sight_is_shown_before_a_second_record_is_made(client, firm):
    client.force_login(firm.owner)
    data = {"name": "Turbine Work", "account_ref": "Z", "kind": "company"}

    response = client.post("/accounts/new/", data)
    assert response.status_code == 422
    assert f'href="/accounts/{firm.turbines.pk}/"' in text_of(response)
    assert not Account.objects.filter(account_ref="Z").exists()

    assert client.post("/accounts/new/", data | {"sure": "yes"}).status_code == 302


def test_the_same_tax_number_is_shown_as_well(client, firm):
    Account.objects.filter(pk=firm.branch.pk).update(tax_number="IT 1")
    client.force_login(firm.owner)
    data = {"name": "Else", "account_ref": "Z", "kind": "company", "tax_number": "it 1"}

    assert client.post("/accounts/new/", data).context["alike"] == [firm.branch]


def test_of_an_account_out_of_sight_only_its_reference_is_known_to_be_taken(client, firm):
    AccountFactory(name="Silver Quarries", account_ref="Q9", owner=firm.stranger)
    client.force_login(firm.owner)

    data = {"name": "New", "account_ref": "Q9", "kind": "company"}
    response = client.post("/accounts/new/", data)
    assert response.status_code == 422
    assert "This reference is taken." in text_of(response)
    assert "Silver" not in text_of(response)

    same_name = data | {"name": "Silver Quarries", "account_ref": "Z"}
    assert client.post("/accounts/new/", same_name).status_code == 302


def test_an_owner_edits_and_reads_it_on_the_card(client, turbines, firm):
    client.force_login(firm.owner)

    response = edit(client, turbines, industry="energy", headcount="120")

    assert response.url == f"/accounts/{turbines.pk}/"
    turbines.refresh_from_db()
    assert (turbines.industry, turbines.headcount) == ("energy", 120)


def test_closing_needs_a_day_and_a_reason_and_an_emptied_day_opens_again(client, turbines, firm):
    client.force_login(firm.owner)

    assert edit(client, turbines, closed_on="2026-01-31").status_code == 422
    assert edit(client, turbines, closed_on="2026-01-31", close_reason="Sold").status_code == 302
    turbines.refresh_from_db()
    assert (turbines.closed_on.isoformat(), turbines.close_reason) == ("2026-01-31", "Sold")

    assert edit(client, turbines, closed_on="", close_reason="Sold").status_code == 302
    turbines.refresh_from_db()
    assert (turbines.closed_on, turbines.close_reason) == (None, "")


def test_a_second_save_of_the_same_page_meets_the_first_and_loses_nothing(client, turbines, firm):
    client.force_login(firm.head)
    old = version_on(client, turbines)
    edit(client, turbines, industry="energy", country="Italy", version=old)
    client.force_login(firm.owner)

    response = edit(client, turbines, industry="power", headcount="90", version=old)

    assert response.status_code == 409
    apart = {found.field.name: found for found in response.context["differences"]}
    assert {name: (found.theirs, found.mine, found.pick) for name, found in apart.items()} == {
        "industry": ("energy", "power", "mine"),
        "country": ("Italy", "", "theirs"),
        "headcount": (None, 90, "mine"),
    }
    assert apart["industry"].saved_by == firm.head
    assert "Hanna Head" in text_of(response)
    turbines.refresh_from_db()
    assert (turbines.industry, turbines.headcount) == ("energy", None)


def conflict(client, turbines, firm):
    """The owner's save meets the head's; gives the version of the conflict's page."""
    client.force_login(firm.head)
    old = version_on(client, turbines)
    edit(client, turbines, industry="energy", country="Italy", version=old)
    client.force_login(firm.owner)
    return edit(client, turbines, industry="power", headcount="90", version=old).context["version"]


MINE = {"industry": "power", "country": "", "headcount": "90"}


@pytest.mark.parametrize(
    ("picks", "stored"),
    [
        ({"pick-industry": "mine", "pick-country": "theirs"}, ("power", "Italy", 90)),
        ({"pick-industry": "theirs", "pick-country": "mine"}, ("energy", "", 90)),
        ({"pick": "mine", "pick-industry": "theirs"}, ("power", "", 90)),
        ({"pick": "theirs", "pick-industry": "mine"}, ("energy", "Italy", None)),
    ],
)
def test_each_field_is_what_was_chosen(client, turbines, firm, picks, stored):
    version = conflict(client, turbines, firm)

    assert edit(client, turbines, version=version, **MINE, **picks).status_code == 302

    turbines.refresh_from_db()
    assert (turbines.industry, turbines.country, turbines.headcount) == stored


def test_a_third_save_meets_the_page_of_the_conflict_too(client, turbines, firm):
    version = conflict(client, turbines, firm)
    Account.objects.filter(pk=turbines.pk).update(country="France")

    response = edit(client, turbines, version=version, **MINE)

    assert response.status_code == 409
    assert "France" in text_of(response)


@pytest.mark.parametrize("version", ["", "x", "0", "999999999"])
def test_a_form_that_does_not_say_its_version_overwrites_nothing(client, turbines, firm, version):
    client.force_login(firm.owner)

    response = client.post(
        f"/accounts/{turbines.pk}/edit/", RECORD | {"version": version, "industry": "power"}
    )

    assert response.status_code == 409
    turbines.refresh_from_db()
    assert turbines.industry == ""


@pytest.mark.parametrize(
    ("part", "role", "status"),
    [("kam", "kam", 200), ("technical", "kam", 403), ("kam", "presale", 403)],
)
def test_of_a_team_only_a_second_manager_edits(client, firm, part, role, status):
    colleague = UserFactory(roles=[role])
    firm.turbines.team.create(user=colleague, part=part)
    client.force_login(colleague)

    assert client.get(f"/accounts/{firm.turbines.pk}/edit/").status_code == status
    card = text_of(client.get(f"/accounts/{firm.turbines.pk}/"))
    assert (f"/accounts/{firm.turbines.pk}/edit/" in card) == (status == 200)


def test_a_stranger_edits_nothing_and_learns_nothing(client, turbines, firm):
    client.force_login(firm.stranger)

    for address in (turbines.pk, turbines.pk + 1000):
        assert client.post(f"/accounts/{address}/edit/", RECORD).status_code == 404
