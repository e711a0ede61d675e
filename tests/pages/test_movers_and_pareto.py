"""Who moved since a day, and the curve of Pareto: names for those who may read them."""

import json
import re
from datetime import timedelta

import pytest

from segmentation.models import Run, StandingChange
from segmentation.nightly import recompute
from tests.factories import RatingFactory
from tests.pages.conftest import sell


def text_of(response):
    return response.content.decode()


@pytest.fixture
def moved(firm):
    """The turbine maker sells less and the quarry more; a day later everybody stands elsewhere."""
    RatingFactory(account=firm.quarry, score=4)
    sell(firm.quarry, 40000, 0, days_ago=-1)
    firm.since, firm.run = firm.run.as_of, recompute(firm.run.as_of + timedelta(days=2))
    return firm


def test_movers_are_told_by_name_to_those_who_see_them_and_counted_to_others(client, moved):
    client.force_login(moved.director)
    movers = client.get("/segments/").context["movers"]
    names = {each["figures"].account.name for each in movers.named}
    assert "Silver Quarry" in names
    assert movers.hidden == 0

    client.force_login(moved.owner)
    response = client.get("/segments/")
    told = response.context["movers"]
    assert "Silver Quarry" not in text_of(response)
    assert told.total == movers.total
    assert told.hidden == 1


def test_the_net_line_is_what_the_two_runs_counted(client, moved):
    client.force_login(moved.director)
    response = client.get("/segments/")

    before = response.context["movers"].by_segment
    counted = moved.run.summary["segment"]
    was = type(moved.run).objects.of(moved.since).summary["segment"]

    assert sum(row["change"] for row in before) == sum(counted.values()) - sum(was.values())
    assert {str(row["label"]).lower(): row["change"] for row in before}["vip"] == counted.get(
        "vip", 0
    ) - was.get("vip", 0)


def test_there_and_back_is_no_move(client, moved):
    movers = client_movers(client, moved)
    changes = StandingChange.objects.filter(account=moved.quarry, field="segment")
    change = changes.get()
    StandingChange.objects.create(
        run=moved.run,
        account=moved.quarry,
        as_of=moved.run.as_of,
        field="segment",
        before=change.after,
        after=change.before,
    )

    words = client_movers(client, moved)["Silver Quarry"]

    assert "segment" in movers["Silver Quarry"]
    assert "segment" not in words


def client_movers(client, firm):
    client.force_login(firm.director)
    named = client.get("/segments/").context["movers"].named
    return {each["figures"].account.name: [word.field for word in each["words"]] for each in named}


def test_before_a_second_night_nobody_moved(client, firm):
    client.force_login(firm.director)

    response = client.get("/segments/")

    assert response.context["movers"] is None
    assert "No earlier day to compare with" in text_of(response)


def test_the_day_can_be_chosen_and_htmx_gets_the_movers_alone(client, moved):
    client.force_login(moved.director)

    response = client.get(
        f"/segments/?since={moved.since}",
        headers={"HX-Request": "true", "HX-Target": "movers"},
    )

    assert "<html" not in text_of(response)
    assert "Silver Quarry" in text_of(response)


def test_a_day_whose_rows_are_dropped_still_says_what_each_segment_held(client, moved):
    Run.objects.filter(as_of=moved.since).update(is_kept=False)
    client.force_login(moved.director)

    response = client.get(f"/segments/?since={moved.since}")

    assert response.status_code == 200
    assert any(row["change"] for row in response.context["movers"].by_segment)


def pareto_of(response):
    found = re.search(
        r'<script id="pareto-data" type="application/json">(.*?)</script>', text_of(response)
    )
    return json.loads(found.group(1))


def test_the_curve_names_nobody_outside_the_scope_and_holds_every_amount(client, firm):
    client.force_login(firm.stranger)
    data = pareto_of(client.get("/segments/"))

    assert data["name"] == ["", "Silver Quarry", ""]
    assert data["basis"] == [4000.0, 2500.0, 1000.0]
    assert data["cumulated"][-1] == 100
    assert data["abc"] == ["A", "A", "B"]


def test_everybody_in_the_scope_is_named(client, firm):
    client.force_login(firm.director)

    names = pareto_of(client.get("/segments/"))["name"]

    assert names == ["Turbine Works", "Silver Quarry", "Turbine Branch"]


def test_the_curve_is_a_table_too_and_names_nobody_outside_the_scope(client, firm):
    client.force_login(firm.stranger)

    page = text_of(client.get("/segments/pareto/"))
    fragment = text_of(client.get("/segments/pareto/", headers={"HX-Request": "true"}))

    for text in (page, fragment):
        assert "Silver Quarry" in text
        assert "Turbine" not in text
        assert text.count("an account outside yours") == 2
    assert "<html" not in fragment
    assert client.get("/segments/pareto/?as_of=2001-01-01").status_code == 404
