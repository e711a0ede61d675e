import pytest

from tests.factories import AccountFactory

PROBLEM = "application/problem+json"


def problem(response, status):
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM
    body = response.json()
    assert body["status"] == status
    return body


def test_a_stranger_is_told_how_to_sign_in(client, db):
    response = client.get("/api/v1/accounts/")

    problem(response, 401)
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("address", ["", "v1/", "v1/nothing/", "v1/accounts", "v1/accounts/x/"])
def test_an_unknown_address_is_a_problem_and_no_page(director, address):
    body = problem(director.get(f"/api/{address}"), 404)

    assert body["type"] == "not-found"
    assert body["title"] == "Not found"


def test_an_unknown_address_is_not_shown_to_a_stranger(client, db):
    problem(client.get("/api/v1/nothing/"), 401)


def test_an_absent_account_is_not_found(director):
    absent = problem(director.get("/api/v1/accounts/999999999/"), 404)

    assert absent == problem(director.get("/api/v1/accounts/99999999999999999999999/"), 404)


def test_what_may_only_be_read_refuses_other_methods(director):
    account = AccountFactory()

    for method in (director.post, director.put, director.delete):
        problem(method(f"/api/v1/accounts/{account.pk}/"), 405)


def test_a_form_that_cannot_be_served_is_not_acceptable(director):
    problem(director.get("/api/v1/accounts/", headers={"Accept": "text/csv"}), 406)


def test_each_parameter_that_cannot_be_used_is_named(director):
    body = problem(director.get("/api/v1/accounts/?kind=circus&owner=x"), 400)

    assert set(body["errors"]) == {"kind", "owner"}
    assert body["detail"] == "Not usable: kind, owner."


@pytest.mark.parametrize("name", ["search", "account_ref", "kind", "owner", "cursor", "limit"])
def test_a_null_character_is_refused(director, name):
    problem(director.get(f"/api/v1/accounts/?{name}=%00"), 400)


def test_what_a_role_may_not_ask_for_is_forbidden(sign_in):
    problem(sign_in("integration").get("/api/v1/portfolio/"), 403)
