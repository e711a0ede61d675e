"""The card of an account: its panels, its days, and what a reader may know of the group."""

from datetime import timedelta
from decimal import Decimal

import pghistory
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import TeamMember
from firm.today import day_that_ended
from segmentation.models import Flag, KeyPeriod, StandingHistory
from segmentation.nightly import recompute
from tests.factories import AccountFactory, EntryFactory, UserFactory
from tests.pages.conftest import sell

HTMX = {"HX-Request": "true"}
PANELS = ["months/", "group/", "history/", "lines/newest/", "record/"]


def card(account, path=""):
    return f"/accounts/{account.pk}/{path}"


def shown(client, path):
    response = client.get(path, headers=HTMX if path.rstrip("/")[-1].isalpha() else {})
    assert response.status_code == 200
    return response.content.decode()


def queries(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


@pytest.fixture
def owner(client, firm):
    client.force_login(firm.owner)
    return client


@pytest.fixture
def head_of_the_branch(client, firm):
    """A head whose department has the branch, while the root is another department's."""
    firm.turbines.ownerships.all().delete()
    firm.turbines.ownerships.create(owner=firm.stranger)
    client.force_login(firm.head)
    return client


def test_the_card_shows_who_it_is_its_figures_and_where_its_panels_are(owner, firm):
    KeyPeriod.objects.filter(group=firm.turbines).update(since="2020-05-04")

    response = owner.get(card(firm.turbines))
    text = response.content.decode()

    for panel in PANELS:
        assert f'hx-get="{card(firm.turbines, panel)}"' in text
    assert "key account by share since 4 May 2020" in text
    assert "limit 20 % · own 53.3 % · place 1" in text
    assert [flag.get_kind_display() for flag in response.context["flags"]] == ["Dependency"]
    assert response.context["flags"][0].reason in text.replace("&#x27;", "'")


def test_every_figure_and_flag_opens_its_explanation(owner, firm):
    text = shown(owner, card(firm.turbines))

    for figure in ("group_share", "income", "turnover", "trend", "prospects"):
        assert f"/explain/accounts/{firm.turbines.pk}/?figure={figure}" in text
    assert 'aria-label="Explain: Dependency"' in text


@pytest.mark.parametrize("path", ["", *PANELS, "lines/"])
def test_a_large_account_costs_no_more_queries_than_a_small_one(owner, firm, path):
    other = UserFactory()
    few = queries(owner, card(firm.turbines, path))
    for n in range(12):
        sell(firm.turbines, 10, days_ago=n)
        branch = AccountFactory(owner=firm.owner, parent=firm.turbines)
        sell(branch, 10)
        TeamMember.objects.create(account=firm.turbines, user=UserFactory(), part="technical")
        with pghistory.context(user=other.pk):
            firm.turbines.industry = f"industry {n}"
            firm.turbines.save()
    for days in (40, 70, 3, 0):
        recompute(day_that_ended() - timedelta(days=days))

    # A change by a person asks once for the names of all of them.
    assert queries(owner, card(firm.turbines, path)) <= few + (path == "record/") <= 20


@pytest.mark.parametrize("path", PANELS)
def test_a_panel_is_a_page_of_its_own_without_htmx(owner, firm, path):
    page = owner.get(card(firm.turbines, path)).content.decode()

    assert "<html" in page
    assert "<html" not in shown(owner, card(firm.turbines, path))


@pytest.mark.parametrize("path", ["", *PANELS, "lines/"])
def test_an_account_that_never_bought_has_words_for_every_panel(owner, firm, path):
    quiet = AccountFactory(name="Quiet Client", owner=firm.owner)

    assert 'class="k-empty"' in shown(owner, card(quiet, path)) or path in ("", "record/")
    assert "No standing on" in shown(owner, card(quiet))


def test_the_months_add_up_to_the_figures_of_the_run(owner, firm):
    edge = firm.run.as_of.replace(year=firm.run.as_of.year - 1)
    for day in (edge, edge + timedelta(days=1), firm.run.as_of, firm.run.as_of + timedelta(1)):
        EntryFactory(account=firm.turbines, booked_on=day, revenue=Decimal(700), cost=None)
    recompute(firm.run.as_of)
    stored = StandingHistory.objects.get(account=firm.turbines, as_of=firm.run.as_of)

    months = owner.get(card(firm.turbines, "months/")).context["months"]

    for name in ("turnover", "income"):
        assert months.totals["now"][name] == getattr(stored, name)
        assert months.totals["was"][name] == getattr(stored, f"previous_{name}")
    assert len(list(months.rows)) == 12


def test_the_months_say_what_has_no_cost_and_switch_to_revenue(owner, firm):
    EntryFactory(account=firm.turbines, booked_on=firm.run.as_of, revenue=Decimal(700), cost=None)

    margin = shown(owner, card(firm.turbines, "months/"))
    revenue = owner.get(card(firm.turbines, "months/?measure=turnover")).content.decode()

    assert "1 line without a cost, 700 €" in margin
    assert "Gross margin by month" in margin
    assert "this window, 6,700 €" in revenue
    assert "Revenue by month" in revenue


def test_members_of_the_group_are_shown_with_what_they_come_to(owner, firm):
    text = shown(owner, card(firm.branch, "group/"))

    assert card(firm.turbines) in text
    assert "7,500" in text
    assert "other account" not in text


def test_the_others_of_the_group_are_one_row_for_who_works_on_one(client, firm):
    TeamMember.objects.create(account=firm.branch, user=firm.stranger, part="technical")
    client.force_login(firm.stranger)

    text = shown(client, card(firm.branch, "group/"))

    assert "Turbine Works" in text  # the group goes by its root
    assert card(firm.turbines) not in text
    assert "1 other account" in text
    assert "6,000" in text


@pytest.mark.parametrize("path", ["", *PANELS, "lines/"])
def test_a_head_of_a_branch_alone_is_not_told_the_group_s_name(head_of_the_branch, firm, path):
    assert Flag.objects.filter(account=firm.turbines, kind="dependency").exists()

    text = shown(head_of_the_branch, card(firm.branch, path))

    assert "Turbine Works" not in text
    assert firm.turbines.account_ref not in text


def test_a_head_of_a_branch_alone_is_not_told_what_the_group_comes_to(head_of_the_branch, firm):
    text = shown(head_of_the_branch, card(firm.branch, "group/"))

    assert "Group of Turbine Branch" in text
    assert "1 other account" in text
    assert "6,000" not in text
    assert "7,500" not in text


def test_a_head_of_a_branch_alone_sees_no_flag_of_its_group(head_of_the_branch, firm):
    response = head_of_the_branch.get(card(firm.branch))
    listed = head_of_the_branch.get("/api/v1/flags/").json()["results"]

    assert {flag.account for flag in response.context["flags"]} == {firm.branch}
    assert "Turbine Works" not in str(listed)
    assert firm.turbines.pk not in [flag["account"] for flag in listed]


def test_a_head_of_a_branch_alone_reads_no_group_in_the_api(head_of_the_branch, firm):
    [row] = head_of_the_branch.get("/api/v1/standings/").json()["results"]

    assert (row["account"], row["group"]) == (firm.branch.pk, None)


def test_an_older_day_is_shown_as_it_was_stored(owner, firm):
    day = firm.run.as_of - timedelta(days=60)
    recompute(day)
    StandingHistory.objects.filter(as_of=day, account=firm.turbines).update(segment="ballast")

    response = owner.get(card(firm.turbines, f"?as_of={day}"))
    text = response.content.decode()

    assert response.context["standing"].segment == "ballast"
    assert "These are the figures of" in text
    assert f'href="{card(firm.turbines)}"' in text
    assert f"{card(firm.turbines, 'months/')}?as_of={day}" in text
    assert "These are the figures of" not in shown(owner, card(firm.turbines))
    months = owner.get(card(firm.turbines, f"months/?as_of={day}")).context["months"]
    assert months.run.as_of == day


@pytest.mark.parametrize("day", ["2001-01-01", "nonsense"])
@pytest.mark.parametrize("path", ["", "months/", "group/"])
def test_a_day_that_no_run_stored_is_not_found(owner, firm, path, day):
    assert owner.get(card(firm.turbines, f"{path}?as_of={day}")).status_code == 404


def test_a_card_before_the_first_night_says_so(client, db):
    boss = UserFactory(roles=["director"])
    client.force_login(boss)
    account = AccountFactory()

    assert "No night has run yet" in shown(client, card(account))
    for path in PANELS:
        assert client.get(card(account, path)).status_code == 200


def test_the_history_tells_what_a_flag_went_through(owner, firm):
    flag = Flag.objects.get(account=firm.turbines, kind="dependency")
    flag.level, flag.severity = "mono", Flag.Severity.CRITICAL
    flag.save()
    with pghistory.context(user=firm.head.pk):
        flag.acknowledged_at, flag.acknowledged_by = timezone.now(), firm.head
        flag.acknowledged_reason, flag.rests_until = "known", "2030-01-31"
        flag.save()
    flag.cleared_on = day_that_ended()
    flag.save()

    turns = owner.get(card(firm.turbines, "history/")).context["turns"]

    assert [turn.by for turn in turns[1:]] == ["Hanna Head", "", ""]
    cleared, acknowledged, moved, raised = [turn.what[0] for turn in turns]
    assert cleared.startswith("Cleared")
    assert acknowledged == "Acknowledged by Hanna Head, rests until 31 Jan 2030: “known”"
    assert moved == "Moved from critical to mono-client."
    assert raised.startswith("Raised")


def test_the_history_shows_month_ends_and_the_last_days(owner, firm):
    newest = firm.run.as_of
    for days in (1, 2, 45):
        recompute(newest - timedelta(days=days))

    rows = owner.get(card(firm.turbines, "history/")).context["rows"]

    assert [row.as_of for row in rows][:3] == [newest - timedelta(days=n) for n in range(3)]
    assert rows[-1].as_of == newest - timedelta(days=45)


def test_the_record_tells_who_changed_what(owner, firm):
    with pghistory.context(user=firm.head.pk):
        firm.branch.industry = "shipyards"
        firm.branch.save()

    record = owner.get(card(firm.branch, "record/")).context["record"]
    told = [(change.what, change.by) for change in record]

    assert (["industry: – → shipyards"], "Hanna Head") in told
    assert (["Below Turbine Works."], "") in told
    assert told[-1] == (["Account created."], "")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("since={day}", 2),
        ("until={day}", 3),
        ("since={day}&until={day}", 1),
        ("document=crn", 1),
        ("uncosted=true", 1),
        ("credits=true", 1),
        ("uncosted=true&credits=true", 0),
        ("product_line=999999", 0),
        ("since=nonsense&product_line=x", 4),
    ],
)
def test_lines_are_narrowed_by_their_address_and_summed(owner, firm, query, found):
    account, day = AccountFactory(owner=firm.owner), firm.run.as_of
    booked = {"account": account, "booked_on": day - timedelta(days=9)}
    EntryFactory(**booked | {"booked_on": day}, revenue=Decimal(100), cost=Decimal(60))
    EntryFactory(**booked, revenue=Decimal(10), cost=None)
    EntryFactory(**booked, document="CRN-1", revenue=Decimal(-5), cost=Decimal(-3))
    last = EntryFactory(**booked | {"booked_on": day + timedelta(days=1)}, cost=Decimal(1))

    context = owner.get(card(account, f"lines/?{query.format(day=day)}")).context

    assert len(context["page"]) == context["sums"]["lines"] == found
    if not query:
        assert context["page"].rows[0] == last
        assert context["sums"]["turnover"] == 205
        assert context["sums"]["income"] == 40 - 2 + 99


def test_the_file_holds_the_lines_of_the_filter_and_no_formula(owner, firm):
    account = AccountFactory(owner=firm.owner)
    for document, revenue in (("=cmd", 5), ("\t+1", -6), ("plain", -7)):
        EntryFactory(account=account, document=document, revenue=Decimal(revenue), cost=None)

    response = owner.get(card(account, "lines.csv?credits=true"))
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()

    assert rows[0].startswith("account_ref,booked_on,document,line,product_line,revenue,cost")
    assert {row.split(",")[2] for row in rows[1:]} == {"'\t+1", "plain"}
    everything = owner.get(card(account, "lines.csv"))
    assert b"'=cmd" in b"".join(everything.streaming_content)


def test_more_lines_cost_the_file_no_more_queries(owner, firm):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            b"".join(owner.get(card(firm.turbines, "lines.csv")).streaming_content)
        return len(seen)

    few = cost()
    for n in range(10):
        sell(firm.turbines, 10, days_ago=n)

    assert cost() == few
