import re

import pytest
from django.apps import apps
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.factories import DepartmentFactory, UserFactory
from tests.permissions.elsewhere import ABSENT, TRACE, Elsewhere
from tests.permissions.routes import ROUTES
from tests.permissions.verdicts import ALL, DECIDES, EVERYBODY, FEEDERS, VERDICTS

# One for all: each would load the middleware anew.
HANDLER = Client().handler
STATUSES = {
    204: "nothing done",
    400: "not usable",
    401: "sign in",
    403: "forbidden",
    405: "no such method",
    409: "refused",
    422: "asked again",
    428: "version needed",
}
ABOUT_ROWS = [
    name
    for name, verdict in VERDICTS.items()
    if verdict.insiders == "shown"
    and "GET" in verdict.methods
    # What only some see, or only who feeds the ledger, is shown for another reason.
    and not verdict.but
    and verdict.let_in != FEEDERS
    and not (verdict.is_form and verdict.writers == DECIDES)
]
# What a read leaves on record.
RECORDS = {"firm.Export"}


def person(role):
    """A client of somebody with `role` who works in a department of their own."""
    client = Client()
    client.handler = HANDLER
    if role != "stranger":
        roles = [] if role == "nobody" else [role]
        client.force_login(UserFactory(roles=roles, department=DepartmentFactory()))
    return client


def body(response):
    return response.getvalue() if response.streaming else response.content


def plain(response, address):
    """The body without what differs between any two answers: address, nonces, tokens."""
    text = body(response).decode().replace(address, "")
    return re.sub(r'nonce="[^"]*"|csrf[^\s]*|value="[^"]{64}"', "", text, flags=re.IGNORECASE)


def answer(client, method, name, elsewhere):
    """How the route answers about the object elsewhere, in the words of `Verdict`."""
    verdict = VERDICTS[name]
    parts = verdict.address(elsewhere)
    address = reverse(name, kwargs=parts)
    response = client.generic(method, address)
    if verdict.strangers == "open":
        return "open" if response.status_code < 500 else str(response.status_code)
    if response.status_code == 302:
        if response.url.startswith(resolve_url(settings.LOGIN_URL)):
            return "sign in"
        return "done" if method == "POST" and verdict.empty == "done" else "answered"
    if response.status_code == 404:
        absent = reverse(name, kwargs=dict.fromkeys(parts, ABSENT))
        other = client.generic(method, absent)
        alike = plain(response, address) == plain(other, absent)
        return "absent" if alike and other.status_code == 404 else "not as if absent"
    if method != "GET" and verdict.empty == "done" and response.status_code in (200, 202, 204):
        return "done"
    if response.status_code != 200:
        return STATUSES.get(response.status_code, str(response.status_code))
    if "answered" in (verdict.insiders, verdict.outsiders):
        body(response)  # to its end, so that nothing stays open
        return "answered"
    return "shown" if TRACE in body(response).decode() else "hidden"


def everything():
    """All rows of all our tables, history included."""
    ours = {"firm", "accounts", "segmentation", "pghistory"}
    tables = (model for model in apps.get_models() if not model._meta.proxy)
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in tables
        if model._meta.app_label in ours
        and model._meta.managed
        and model._meta.label not in RECORDS
    }


def test_every_route_has_a_verdict():
    assert set(ROUTES) == set(VERDICTS)


@pytest.mark.parametrize("name", VERDICTS)
def test_every_role_is_answered_by_the_verdict_and_nothing_changes(db, name):
    elsewhere = Elsewhere.make()
    people = {role: person(role) for role in [*EVERYBODY, "stranger"]}
    expected = {
        (method, role): VERDICTS[name].of(method, role) for method in ALL for role in people
    }
    writes = [asked for asked, word in expected.items() if word == "done"]
    before = everything()

    answers = {
        (method, role): answer(people[role], method, name, elsewhere)
        for method, role in expected
        if (method, role) not in writes
    }
    assert everything() == before

    answers |= {asked: answer(people[asked[1]], asked[0], name, elsewhere) for asked in writes}
    assert answers == expected


@pytest.mark.parametrize("near", ["owner", "team", "head", "head above"])
@pytest.mark.parametrize("name", ABOUT_ROWS)
def test_those_who_work_with_the_account_are_shown_it(db, name, near):
    elsewhere = Elsewhere.make()
    client = Client()
    user = {
        "owner": lambda: elsewhere.owner,
        "team": lambda: UserFactory(roles=["presale"]),
        "head": lambda: UserFactory(roles=["head"], department=elsewhere.department),
        "head above": lambda: UserFactory(roles=["head"], department=elsewhere.above),
    }[near]()
    if near == "team":
        elsewhere.account.team.create(user=user, part="presale")
    client.force_login(user)

    # Pre-sale reads and writes nothing about accounts.
    expected = "forbidden" if near == "team" and VERDICTS[name].is_form else "shown"
    assert answer(client, "GET", name, elsewhere) == expected


@pytest.mark.parametrize("name", ABOUT_ROWS)
def test_a_colleague_of_the_same_department_who_is_no_head_is_an_outsider(db, name):
    elsewhere = Elsewhere.make()
    client = Client()
    client.force_login(UserFactory(roles=["kam"], department=elsewhere.department))

    assert answer(client, "GET", name, elsewhere) == VERDICTS[name].outsiders
