"""The day in the top bar: which is shown, and how another one is asked for."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm.models import Role
from segmentation.models import Run
from segmentation.nightly import recompute
from tests.factories import RunFactory, UserFactory
from tests.pages.test_nightly_runs import text_of

DAYS = "/segments/days/"
WITH_DAYS = [
    "/accounts/",
    "/accounts/{pk}/",
    "/accounts/{pk}/months/",
    "/accounts/{pk}/group/",
    "/accounts/{pk}/history/",
    "/segments/",
    "/segments/pareto/",
    "/explain/hhi/",
    "/explain/accounts/{pk}/",
]
WITHOUT_DAYS = ["/", "/flags/", "/policy/", "/nightly/", "/accounts/{pk}/lines/"]
NO_DAYS = ["", "nonsense", "/flags/", "/accounts/new/", "//evil.example/", "http://[", "data:x"]
FIGURES = {"summary": {"total": "100"}, "facts": {"currency": "EUR"}}


def stored(*days):
    for day in days:
        RunFactory(as_of=day, **FIGURES)


def count(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(path)
    return len(queries)


def mark(response):
    return text_of(response).split('class="k-asof"')[1].split("</details>")[0]


@pytest.fixture
def owner(client, firm):
    client.force_login(firm.owner)
    return client


def test_a_page_that_shows_an_older_day_says_so_and_offers_the_others(owner, firm):
    older = firm.run.as_of - timedelta(days=40)
    recompute(older)
    for page in WITH_DAYS:
        path = page.format(pk=firm.turbines.pk)
        response = owner.get(path)
        now, then = mark(response), mark(owner.get(f"{path}?as_of={older}"))

        assert f'hx-get="{DAYS}?page={path}"' in now
        assert f'hx-get="{DAYS}?page={path}%3Fas_of%3D{older}"' in then
        assert "not the newest" in then
        assert "not the newest" not in now
        assert 'type="date"' not in text_of(response)


def test_a_page_of_no_day_tells_of_the_run_and_leads_to_dependence(owner, firm):
    for page in WITHOUT_DAYS:
        shown = mark(owner.get(page.format(pk=firm.turbines.pk)))

        assert "The last run got through and stored" in shown
        assert f'href="/nightly/{firm.run.pk}/"' in shown
        assert "Policy v1" in shown
        assert 'href="/segments/">See an older day on Dependence' in shown
        assert DAYS not in shown


def test_the_last_nights_and_month_ends_are_offered_and_the_rest_by_the_field(owner, firm):
    Run.objects.all().delete()
    ends = [date(2025, month, 1) - timedelta(days=1) for month in range(1, 10)]
    nights = [date(2025, 9, day) for day in (1, 2, 3, 4, 5)]
    stored(*ends, *nights, date(2025, 9, 5))
    RunFactory(as_of=date(2024, 5, 31), is_kept=False, **FIGURES)

    response = owner.get(DAYS, {"page": "/accounts/"})
    text = text_of(response)

    assert response.context["nights"] == nights[:1:-1]
    assert response.context["month_ends"] == ends[:-7:-1]
    assert 'min="2024-12-31" max="2025-09-05"' in text
    assert 'href="/accounts/" aria-current="true"' in text
    assert "Back to the newest day" not in text


def test_another_day_keeps_what_else_the_address_asks_for(owner, firm):
    older, day = firm.run.as_of - timedelta(days=1), firm.run.as_of - timedelta(days=2)
    stored(older, day)
    page = f"/accounts/?segment=vip&segment=typical&as_of={older}&page=3"

    text = text_of(owner.get(DAYS, {"page": page}))

    kept = "/accounts/?segment=vip&amp;segment=typical"
    assert f'href="{kept}&amp;as_of={day}"' in text
    assert f'href="{kept}&amp;as_of={older}" aria-current="true"' in text
    assert text.count(f'href="{kept}"') == 3  # of the newest night, of the way back, of the crumb
    assert '<form action="/accounts/">' in text
    assert text.count('type="hidden" name="segment"') == 2
    assert 'type="hidden" name="as_of"' not in text
    assert f'value="{older}"' in text


def test_the_address_in_the_browser_counts_before_the_one_that_was_loaded(owner, firm):
    sent = {"HX-Request": "true", "HX-Current-URL": "http://testserver/accounts/?q=turb"}
    text = text_of(owner.get(DAYS, {"page": "/accounts/"}, headers=sent))

    assert 'name="q" value="turb"' in text
    assert "<html" not in text


def test_an_address_that_shows_no_day_becomes_the_dashboard(owner):
    for page in NO_DAYS:
        text = text_of(owner.get(DAYS, {"page": page}))

        assert '<form action="/segments/">' in text
        assert "evil" not in text.split("<main")[1]


def test_nobody_is_led_to_another_site(owner):
    text = text_of(owner.get(DAYS, {"page": "https://evil.example/accounts/?q=a"}))

    assert '<form action="/accounts/">' in text
    assert "evil" not in text.split("<main")[1]


@pytest.mark.parametrize("path", ["/accounts/", DAYS])
def test_more_stored_days_cost_no_further_query(owner, path):
    few = count(owner, path)
    stored(*(date(2024, 1, 1) + timedelta(days=n) for n in range(40)))

    assert count(owner, path) == few


def test_the_days_are_asked_for_when_the_menu_opens_and_not_before(owner):
    for path, asks in (("/accounts/", False), (DAYS, True)):
        with CaptureQueriesContext(connection) as queries:
            owner.get(path)

        found = [
            query for query in queries if 'SELECT DISTINCT "segmentation_run"' in query["sql"]
        ]
        assert bool(found) is asks


@pytest.mark.parametrize("path", ["/accounts/", "/segments/"])
def test_a_day_that_no_run_stored_says_so_and_leads_back_to_the_page(owner, path):
    response = owner.get(f"{path}?as_of=2001-01-01&q=x")

    assert response.status_code == 404
    assert "No run has computed 1 Jan 2001" in text_of(response)
    assert f'href="{path}"' in text_of(response).split("<main")[1]
    assert DAYS in mark(response)


def test_before_the_first_night_there_is_no_day_to_choose(client, db):
    client.force_login(UserFactory(roles=["kam"]))

    assert "No day is stored yet." in text_of(client.get(DAYS))
    assert "No figures yet" in text_of(client.get("/accounts/"))


def test_who_may_not_read_the_portfolio_is_offered_no_day(client, firm):
    may_read = Permission.objects.get(codename="view_run")
    Role.objects.get(code="presale").permissions.remove(may_read)
    client.force_login(UserFactory(roles=["presale"]))

    assert DAYS not in mark(client.get("/accounts/"))
    assert client.get(DAYS).status_code == 403
