from datetime import date

import pytest

from accounts.models import Account
from firm.models import ApiToken
from tests.api.test_problems import problem
from tests.factories import AccountFactory, DepartmentFactory, UserFactory

LIST = "/api/v1/accounts/"


def address(account):
    return f"{LIST}{account.pk}/"


def create(client, **values):
    return client.post(LIST, values, content_type="application/json")


def change(client, account, *, if_match=None, **values):
    headers = {"If-Match": if_match or client.get(address(account))["ETag"]}
    return client.patch(address(account), values, content_type="application/json", headers=headers)


def test_an_account_is_made_and_found_at_its_address(director):
    response = create(director, account_ref="N1", name="Nails", country="IT", headcount=3)

    assert response.status_code == 201
    there = director.get(response["Location"])
    assert there.json() == response.json()
    assert there["ETag"] == response["ETag"] == response.json()["etag"]
    assert there.json()["country"] == "IT"


def test_whoever_makes_an_account_owns_it_unless_they_lead(kam):
    assert create(kam, account_ref="N1", name="Nails").json()["owner"]["id"] == kam.user.pk
    assert create(kam, account_ref="N2", name="N", owner=kam.user.email).status_code == 201


def test_a_manager_gives_an_account_to_nobody_else(kam):
    other = UserFactory(roles=["kam"])

    body = problem(create(kam, account_ref="N1", name="Nails", owner=other.pk), 400)

    assert set(body["errors"]) == {"owner"}
    assert not Account.objects.exists()


def test_a_leader_gives_it_an_owner_and_a_parent(director):
    anna = UserFactory(roles=["kam"], email="anna@example.com")
    AccountFactory(account_ref="P1", name="Parent")

    body = create(
        director, account_ref="N1", name="Nails", owner="Anna@example.com", parent="P1"
    ).json()

    assert body["owner"]["id"] == anna.pk
    assert body["parent"]["account_ref"] == "P1"


def test_a_head_names_owners_of_the_own_department_alone(sign_in):
    north, south = DepartmentFactory(), DepartmentFactory()
    head = sign_in("head", department=north)
    ours = UserFactory(roles=["kam"], department=north)
    theirs = UserFactory(roles=["kam"], department=south)
    account = AccountFactory(owner=ours)

    foreign = problem(change(head, account, owner=theirs.pk), 400)
    absent = problem(change(head, account, owner=2_000_000_000), 400)

    assert foreign == absent
    assert change(head, account, owner=ours.email).status_code == 200


def test_a_reference_that_is_taken_is_a_conflict(kam):
    mine = AccountFactory(account_ref="M1", owner=kam.user)
    AccountFactory(account_ref="S1", name="Secret")

    seen = problem(create(kam, account_ref="M1", name="Mine"), 409)
    unseen = problem(create(kam, account_ref="S1", name="Theirs"), 409)

    assert seen["type"] == unseen["type"] == "taken"
    assert seen["existing"].endswith(address(mine))
    assert "existing" not in unseen


def test_a_change_touches_what_it_names_alone(director):
    account = AccountFactory(name="Mill", country="IT", owner=UserFactory())

    response = change(director, account, industry="flour")

    assert response.status_code == 200
    body = response.json()
    assert (body["name"], body["country"], body["industry"]) == ("Mill", "IT", "flour")
    assert body["owner"]
    assert account.events.latest("pgh_id").pgh_context.metadata["user"] == director.user.pk


def test_an_owner_is_taken_away_and_the_department_stays(director):
    north = DepartmentFactory(code="north")
    account = AccountFactory(owner=UserFactory(department=north))

    body = change(director, account, owner=None).json()

    assert body["owner"] is None
    assert body["department"]["code"] == "north"


def test_an_account_is_closed_and_opened_again(director):
    account = AccountFactory()

    assert problem(change(director, account, closed_on="2024-01-31"), 400)["errors"]["closed_on"]
    closed = change(director, account, closed_on="2024-01-31", close_reason="bankrupt").json()
    opened = change(director, account, closed_on=None).json()

    assert (closed["closed_on"], closed["close_reason"]) == ("2024-01-31", "bankrupt")
    assert (opened["closed_on"], opened["close_reason"]) == (None, "")


def test_parents_form_no_loop(director):
    above = AccountFactory()
    below = AccountFactory(parent=above)

    assert "parent" in problem(change(director, above, parent=below.pk), 400)["errors"]
    assert change(director, below, parent=None).json()["parent"] is None


def test_a_change_without_a_version_is_not_made(director):
    account = AccountFactory(name="Mill")

    response = director.patch(address(account), {"name": "Forge"}, "application/json")

    assert problem(response, 428)["type"] == "version-needed"
    account.refresh_from_db()
    assert account.name == "Mill"


@pytest.mark.parametrize(
    "meanwhile", [{"industry": "flour"}, {"owner": None}, {"parent": "P1"}], ids=str
)
def test_a_lost_update_is_refused_whatever_was_changed(director, meanwhile):
    AccountFactory(account_ref="P1")
    account = AccountFactory(name="Mill", owner=UserFactory())
    read = director.get(address(account))["ETag"]
    assert change(director, account, **meanwhile).status_code == 200
    before = director.get(address(account)).json()

    response = change(director, account, if_match=read, name="Forge", country="DE")

    assert problem(response, 412)["type"] == "outdated"
    assert director.get(address(account)).json() == before


def test_a_star_changes_whichever_version_it_is(director):
    assert change(director, AccountFactory(), if_match="*", name="Forge").status_code == 200


def test_the_version_in_a_list_is_the_one_to_send(director):
    account = AccountFactory()
    [row] = director.get(LIST).json()["results"]

    response = change(director, account, if_match=row["etag"], name="Forge")

    assert response.status_code == 200
    assert response["ETag"] != row["etag"]


def test_a_repeated_change_changes_nothing_more(director):
    account = AccountFactory()
    first = change(director, account, name="Forge")

    assert change(director, account, name="Forge")["ETag"] == first["ETag"]


def test_all_is_changed_or_nothing(director):
    above = AccountFactory()
    below = AccountFactory(parent=above, name="Below")

    response = change(director, above, name="Renamed", parent=below.pk)

    assert response.status_code == 400
    above.refresh_from_db()
    assert above.name != "Renamed"


@pytest.mark.parametrize(
    "field",
    ["id", "account_ref", "department", "etag", "created_at", "events", "team", "no_such_field"],
)
def test_a_field_that_is_not_written_is_named_and_nothing_is_stored(director, field):
    account = AccountFactory(name="Mill")

    body = problem(change(director, account, name="Forge", **{field: 1}), 400)

    assert set(body["errors"]) == {field}
    account.refresh_from_db()
    assert account.name == "Mill"


def test_what_is_wrong_is_named_together(director):
    body = problem(
        create(director, account_ref="", name="x" * 201, headcount=-1, kind="circus", closed_on=1),
        400,
    )

    assert set(body["errors"]) == {"account_ref", "name", "headcount", "kind", "closed_on"}


@pytest.mark.parametrize("part", ["presale", "technical"])
def test_who_only_reads_an_account_changes_nothing(sign_in, part):
    reader = sign_in("presale")
    account = AccountFactory(name="Mill")
    account.team.create(user=reader.user, part=part)

    problem(change(reader, account, name="Forge"), 403)
    problem(create(reader, account_ref="N1", name="Nails"), 403)

    account.refresh_from_db()
    assert account.name == "Mill"


def test_an_owner_is_chosen_by_who_leads(kam):
    account = AccountFactory(owner=kam.user, name="Mill")

    problem(change(kam, account, name="Forge", owner=kam.user.pk), 403)

    account.refresh_from_db()
    assert account.name == "Mill"


def test_an_account_out_of_sight_is_not_there(kam):
    account = AccountFactory(name="Mill")

    response = change(kam, account, if_match="*", name="Forge")

    assert problem(response, 404) == problem(kam.get(f"{LIST}2000000000/"), 404)


def test_a_change_by_token_is_on_record_as_its_persons(client, director):
    account = AccountFactory()
    _token, secret = ApiToken.objects.create(
        director.user, name="x", scopes=["read", "accounts:write"]
    )
    headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}

    response = client.patch(
        address(account), {"name": "Forge"}, "application/json", headers=headers
    )

    assert response.status_code == 200
    context = account.events.latest("pgh_id").pgh_context
    assert context.metadata["user"] == director.user.pk


@pytest.mark.parametrize("body", ["[]", "1", "null", '"x"', "{", "[" * 100_000, '{"name": NaN}'])
def test_a_body_that_is_no_object_is_refused(director, body):
    problem(director.post(LIST, body, "application/json"), 400)


def test_a_body_beyond_measure_is_refused(director):
    problem(director.post(LIST, '{"name": "' + "x" * (1 << 20) + '"}', "application/json"), 413)


def test_a_body_of_another_kind_is_refused(director):
    problem(director.post(LIST, {"name": "Forge"}), 415)


def test_text_outside_the_tables_is_refused(director):
    for name in ("a\0b", "\ud800"):
        problem(create(director, account_ref="N1", name=name), 400)


def test_a_day_of_another_shape_is_refused(director):
    account = AccountFactory(closed_on=date(2024, 1, 1), close_reason="bankrupt")

    problem(change(director, account, closed_on="31.01.2024"), 400)
