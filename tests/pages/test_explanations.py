"""Pages that say where a figure comes from."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm.templatetags.figures import percent, plain
from segmentation.answers import RULES_OF
from segmentation.firm_figures import rule_of
from segmentation.firm_parts import LABELS
from segmentation.nightly import recompute
from tests.factories import AccountFactory
from tests.pages.conftest import sell


def text_of(response):
    return response.content.decode()


def test_every_number_of_the_dashboard_is_the_summary_of_the_run(client, firm):
    client.force_login(firm.director)
    text = text_of(client.get("/segments/"))
    summary = firm.run.summary

    for figure, value in {
        "key_total": percent(summary["key_total"]),
        "hhi": plain(summary["hhi"]),
        "effective_clients": plain(summary["effective_clients"], 1),
        "top_20": percent(summary["top_20_percent"]),
        "income": plain(summary["income"]),
        "turnover": plain(summary["turnover"]),
        **{f"top_{n}": percent(share) for n, share in summary["top"].items()},
        **{
            f"mix_{segment}": plain(summary["segment"].get(segment, 0))
            for segment in ("vip", "strategic", "typical", "ballast")
        },
    }.items():
        assert f'href="/explain/{figure}/">{value}<' in text, figure


@pytest.mark.parametrize("figure", LABELS)
def test_each_figure_of_the_firm_is_explained_and_names_nobody_outside_the_scope(
    client, firm, figure
):
    client.force_login(firm.director)
    assert client.get(f"/explain/{figure}/").status_code == 200

    client.force_login(firm.stranger)
    response = client.get(f"/explain/{figure}/")
    assert response.status_code == 200
    assert "Turbine" not in text_of(response)


def test_the_parts_of_a_figure_add_up_to_it_whoever_reads(client, firm):
    for user in (firm.director, firm.stranger, firm.owner):
        client.force_login(user)
        explanation = client.get("/explain/total/").context["explanation"]
        parts = sum(part.basis for part in explanation["parts"])
        assert parts == Decimal(firm.run.summary["total"])

        shares = client.get("/explain/hhi/").context["explanation"]["parts"]
        assert round(sum(part.share for part in shares), 10) == 1


def test_an_unknown_figure_and_a_day_without_a_run_are_not_found(client, firm):
    client.force_login(firm.director)

    assert client.get("/explain/nonsense/").status_code == 404
    assert client.get("/explain/hhi/?as_of=2001-01-01").status_code == 404
    address = f"/explain/accounts/{firm.turbines.pk}/"
    assert client.get(f"{address}?as_of=2001-01-01").status_code == 404


@pytest.mark.parametrize(
    "figure", ["share", "rank", "band", "core", "key", "segment", "trend", ""]
)
def test_a_figure_of_an_account_opens_by_its_name(client, firm, figure):
    client.force_login(firm.owner)

    response = client.get(f"/explain/accounts/{firm.turbines.pk}/?figure={figure}")

    wanted = {"rank": "abc", "band": "group_share", "": "group_share"}.get(figure, figure)
    assert response.context["figure"]["name"] == wanted
    assert response.context["figure"]["answer"].split(".")[0] in text_of(response)


def test_the_answer_says_share_limit_and_what_would_change_it(client, firm):
    client.force_login(firm.director)
    response = client.get(f"/explain/accounts/{firm.turbines.pk}/?figure=band")

    assert "66.67 %, more than 20 %: critical" in response.context["figure"]["answer"]
    # 5,000 beside 2,500: 625 is exactly 20 % of 3,125.
    first = response.context["figure"]["changes"][0]
    assert (first["by"], first["share"], first["band"]) == ("-4375.00", "20.00", "key")


def test_the_page_of_the_class_says_what_would_change_it_and_what_nothing_would(client, firm):
    client.force_login(firm.director)
    text = text_of(client.get(f"/explain/accounts/{firm.turbines.pk}/?figure=class"))

    assert "gross margin of the window, everything else unchanged" in text
    assert "It brings less" in text


def test_what_lies_outside_the_scope_is_one_row(client, firm):
    firm.turbines.ownerships.all().delete()
    firm.turbines.ownerships.create(owner=firm.stranger)
    client.force_login(firm.head)

    response = client.get(f"/explain/accounts/{firm.branch.pk}/?figure=band")

    assert "Turbine Works" not in text_of(response)
    assert "1 other account" in text_of(response)
    assert client.get(f"/explain/accounts/{firm.turbines.pk}/").status_code == 404


def test_a_root_that_bought_nothing_speaks_for_its_group(client, firm):
    root = AccountFactory(name="Turbine Holding", owner=firm.owner)
    firm.turbines.parentages.create(parent=root)
    recompute(firm.run.as_of)
    client.force_login(firm.owner)

    response = client.get(f"/explain/accounts/{root.pk}/?figure=band")

    assert "Turbine Holding" in response.context["figure"]["answer"]
    assert response.context["explanation"]["account"]["name"] == "Turbine Works"


def test_htmx_gets_the_content_without_the_shell_and_text_is_text(client, firm):
    client.force_login(firm.owner)
    address = f"/explain/accounts/{firm.turbines.pk}/"

    drawer = text_of(client.get(address, headers={"HX-Request": "true"}))
    copied = client.get(f"{address}?as=text")

    assert "<html" not in drawer
    assert "data-chart" not in drawer
    assert "In one sentence" in drawer
    assert copied["Content-Type"].startswith("text/plain")
    assert "Ledger lines of both windows" in text_of(copied)


def test_how_it_came_here_is_told_from_the_second_stored_day(client, firm):
    recompute(firm.run.as_of + timedelta(days=1))
    client.force_login(firm.owner)

    history = client.get(f"/explain/accounts/{firm.turbines.pk}/?figure=band").context["history"]

    assert len(history["days"]) == 2
    assert [limit["at"] for limit in history["limits"]] == [10, 20, 70]


def test_more_accounts_and_members_cost_no_more_queries(client, firm):
    client.force_login(firm.owner)
    addresses = [f"/explain/accounts/{firm.turbines.pk}/", "/explain/hhi/", "/explain/total/"]

    def queries_with_more(rows):
        for _more in range(rows):
            sell(AccountFactory(owner=firm.owner, parent=firm.turbines), 100)
            sell(AccountFactory(owner=firm.owner), 100)
        recompute(firm.run.as_of)
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                client.get(address)
            counts.append(len(seen))
        return counts

    first = queries_with_more(3)
    assert queries_with_more(8) == first
    assert max(first) <= 25


def test_the_method_has_an_anchor_for_each_rule_that_explanations_name(client, firm):
    client.force_login(firm.stranger)
    text = text_of(client.get("/method/"))

    for figure in [*RULES_OF.values(), *map(rule_of, LABELS), "window", "currency"]:
        assert f'id="{figure}"' in text
