"""What is tried against the API: tokens in logs, endless asking, a database that is gone."""

import logging
from datetime import date

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.api import AccountViewSet
from accounts.models import Account
from firm.models import ApiToken
from firm.scopes import SCOPES
from kam_crm import problems
from tests.api.test_problems import problem
from tests.factories import AccountFactory, UserFactory

LIST = "/api/v1/accounts/"


@pytest.fixture
def secret(db):
    user = UserFactory(roles=["director"])
    _token, secret = ApiToken.objects.create(user, name="x", scopes=list(SCOPES))
    return secret


def bearing(secret):
    return {"Authorization": f"Bearer {secret}"}


class Written(logging.Handler):
    """Every line that any logger writes, with all that a formatter could make of it."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{logging.Formatter().format(record)} {vars(record)}")


@pytest.fixture
def written():
    handler, root = Written(), logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in root.manager.loggerDict)]
    levels = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    root.addHandler(handler)
    yield handler.lines
    root.removeHandler(handler)
    for logger, level in levels:
        logger.setLevel(level)


def test_a_token_leaves_no_trace_in_any_log(secret, written, monkeypatch):
    client = Client(raise_request_exception=False)
    headers = bearing(secret)
    client.get(LIST, headers=headers)
    client.get(f"{LIST}?ordering=no", headers=headers)
    client.get(f"{LIST}0/", headers=headers)
    client.post(LIST, "{", "application/json", headers=headers)
    client.get(LIST, headers=bearing(f"{secret}x"))
    client.get(LIST, headers=bearing(f"{secret} {secret}"))
    monkeypatch.setattr(AccountViewSet, "get_queryset", broken(RuntimeError("It broke.")))
    client.get(LIST, headers=headers)

    assert any("It broke." in line for line in written)
    assert not [line for line in written if secret in line or secret[4:20] in line]


def broken(error):
    def get_queryset(view):
        raise error

    return get_queryset


def test_a_fault_is_a_problem_that_tells_nothing_of_itself(secret, monkeypatch):
    monkeypatch.setattr(AccountViewSet, "get_queryset", broken(RuntimeError("secret thing")))
    client = Client(raise_request_exception=False)

    response = client.get(LIST, headers=bearing(secret))

    assert problem(response, 500)["type"] == "fault"
    assert "secret thing" not in response.content.decode()


def test_a_database_that_is_gone_is_not_available(secret, monkeypatch):
    monkeypatch.setattr(AccountViewSet, "get_queryset", broken(OperationalError("gone")))

    response = Client().get(LIST, headers=bearing(secret))

    assert problem(response, 503)["type"] == "unavailable"
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(("is_there", "status"), [(True, 500), (False, 503)])
def test_a_fault_before_any_view_is_a_problem_too(rf, monkeypatch, is_there, status):
    monkeypatch.setattr(problems, "database", lambda: is_there)
    answer = problems.middleware(lambda _request: HttpResponse("<h1>Oh</h1>", status=500))

    problem_of(answer(rf.get(LIST)), status)
    assert answer(rf.get("/accounts/")).content == b"<h1>Oh</h1>"


def problem_of(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == problems.MEDIA_TYPE


def test_a_strange_host_is_refused_as_a_problem(client, db):
    problem(client.get(LIST, headers={"Host": "evil.example"}), 400)


def test_who_asks_too_often_waits_and_others_do_not(secret, settings):
    settings.API_RATE = "3/h"
    other, second = UserFactory(roles=["director"]), ApiToken.objects.get().user
    _token, theirs = ApiToken.objects.create(other, name="y")
    _token, own = ApiToken.objects.create(second, name="z")

    answers = [Client().get(LIST, headers=bearing(secret)) for _each in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit-Policy"] == '"default";q=3;w=3600'
    assert [answer["RateLimit"].split(";")[1] for answer in answers] == [
        "r=2",
        "r=1",
        "r=0",
        "r=0",
    ]
    assert problem(answers[3], 429)["type"] == "too-many-requests"
    assert 0 < int(answers[3]["Retry-After"]) <= 3601
    assert Client().get(LIST, headers=bearing(theirs)).status_code == 200
    assert Client().get(LIST, headers=bearing(own)).status_code == 200


def test_a_person_who_signed_in_is_counted_too(director, settings):
    settings.API_RATE = "1/h"

    assert [director.get(LIST).status_code for _each in range(2)] == [200, 429]


def test_a_write_by_session_needs_the_pages_word(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(roles=["director"]))

    response = client.post(LIST, {"account_ref": "N1", "name": "N"}, "application/json")

    problem(response, 403)
    assert not Account.objects.exists()


@pytest.mark.parametrize("method", ["post", "patch"])
def test_a_token_to_read_with_writes_nothing(db, method):
    user = UserFactory(roles=["director"])
    _token, secret = ApiToken.objects.create(user, name="x")
    account = AccountFactory(name="Mill")
    address = LIST if method == "post" else f"{LIST}{account.pk}/"
    headers = bearing(secret) | {"If-Match": "*"}

    response = getattr(Client(), method)(
        address, {"account_ref": "N1", "name": "Forge"}, "application/json", headers=headers
    )

    assert problem(response, 403)["scope"] == "accounts:write"
    assert list(Account.objects.values_list("name", flat=True)) == ["Mill"]


def test_a_token_to_write_with_alone_reads_nothing(db):
    user = UserFactory(roles=["director"])
    _token, secret = ApiToken.objects.create(user, name="x", scopes=["accounts:write"])

    for address in (LIST, "/api/v1/portfolio/", "/api/v1/schema/"):
        assert problem(Client().get(address, headers=bearing(secret)), 403)["scope"] == "read"


def test_a_scope_gives_nothing_that_the_roles_do_not(db):
    AccountFactory(name="Secret")
    user = UserFactory(roles=["kam"])
    _token, secret = ApiToken.objects.create(user, name="x", scopes=list(SCOPES))
    headers = bearing(secret)

    assert Client().get(LIST, headers=headers).json()["results"] == []
    problem(Client().get("/api/v1/ledger/imports/", headers=headers), 403)


def test_a_thousand_pages_list_each_account_once_while_others_are_added(director):
    Account.objects.bulk_create(
        Account(account_ref=f"A{number:05}", name=f"Client {number % 7}")
        for number in range(0, 2000, 2)
    )
    here = set(Account.objects.values_list("pk", flat=True))
    seen, pages, address = [], 0, f"{LIST}?limit=1&ordering=name&fields=id"
    while address:
        page = director.get(address).json()
        seen += [row["id"] for row in page["results"]]
        pages, address = pages + 1, page["next"]
        if pages % 10 == 0:
            # Before where the reader stands, on it, and behind it.
            for name in ("Client 0", "Client 3", "Client 9"):
                Account.objects.create(account_ref=f"N{pages}{name[-1]}", name=name)

    assert pages >= 1000
    assert len(seen) == len(set(seen))
    assert here <= set(seen)


def test_a_change_costs_the_same_queries_whoever_is_there(director):
    account = AccountFactory(owner=UserFactory())

    def queries():
        with CaptureQueriesContext(connection) as captured:
            director.patch(
                f"{LIST}{account.pk}/",
                {"industry": date.today().isoformat()},  # noqa: DTZ011 - any text
                "application/json",
                headers={"If-Match": "*"},
            )
        return len(captured)

    few = queries()
    for _each in range(10):
        AccountFactory(owner=UserFactory())

    assert queries() == few
