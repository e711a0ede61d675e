"""Finding accounts: the search of the list and of the top bar, the filters, and their scope."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm.today import day_that_ended
from segmentation.models import Flag
from segmentation.nightly import recompute
from tests.factories import (
    AccountFactory,
    DepartmentFactory,
    FlagFactory,
    RunFactory,
    StandingHistoryFactory,
    UserFactory,
)
from tests.pages.test_accounts import names, queries, text_of


@pytest.fixture
def cast(firm):
    for name, owner in [
        ("Рубежные краны", firm.owner),
        ("ООО «Валмар»", firm.owner),
        ("Valmarea Turbine", firm.stranger),
        ("100% Stone_Age", firm.stranger),
    ]:
        AccountFactory(name=name, owner=owner)
    return firm


def search(client, text):
    answer = text_of(client.get("/search/", {"q": text}, headers={"HX-Request": "true"}))
    assert "<html" not in answer
    return [html.unescape(name) for name in re.findall(r'class="grow">(.*?) ?<', answer)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("РУБЕЖ", ["Рубежные краны"]),
        ("рубжные", ["Рубежные краны"]),
        ("валмар", ["ООО «Валмар»"]),
        ("works turb", ["Turbine Works"]),
        ("silevr", ["Silver Quarry"]),
        ("si", ["Silver Quarry"]),
        ("ilv", ["Silver Quarry"]),
        ("100%", ["100% Stone_Age"]),
        ("e_a", ["100% Stone_Age"]),
        ("xq", []),
        ("wholly unlike it", []),
        ("\\", []),
    ],
)
def test_a_name_is_found_in_any_script_by_any_part_and_with_a_slip(client, cast, text, found):
    client.force_login(cast.director)

    assert search(client, text) == found
    if text != "\\":
        assert names(client.get("/accounts/", {"q": text})) == found


def test_a_reference_and_a_legal_name_are_searched_too(client, firm):
    AccountFactory(name="Mill", legal_name="Молинари", account_ref="Ж-77", owner=firm.owner)
    client.force_login(firm.owner)

    assert search(client, "молинар") == search(client, "ж-77") == ["Mill"]


def test_what_begins_so_comes_before_what_holds_it_and_the_larger_first(client, cast):
    client.force_login(cast.director)

    assert search(client, "turbine") == ["Turbine Works", "Turbine Branch", "Valmarea Turbine"]


@pytest.mark.parametrize("text", ["turbine", "turbnie", "Turbine Works", "t", "tu"])
def test_a_stranger_finds_nothing_of_others_by_any_spelling(client, firm, text):
    client.force_login(firm.stranger)

    assert search(client, text) == []
    assert names(client.get("/accounts/", {"q": text})) == []
    assert f"/accounts/{firm.turbines.pk}/" not in text_of(client.get("/search/", {"q": text}))


def test_the_search_knows_the_pages_of_the_menu(client, firm):
    client.force_login(firm.owner)

    assert search(client, "depend") == ["Go to Dependence"]


def test_the_search_is_a_page_of_its_own_without_a_script(client, firm):
    client.force_login(firm.owner)

    text = text_of(client.get("/search/?q=branch"))

    assert "<html" in text
    assert f'href="/accounts/{firm.branch.pk}/"' in text
    assert "nearly so" in text_of(client.get("/search/?q=%00xyz%00"))
    assert client.get("/search/?q=").status_code == 200


def test_more_hits_cost_no_more_queries(client, firm):
    client.force_login(firm.owner)
    few = queries(client, "/search/?q=turbine")
    for number in range(12):
        AccountFactory(name=f"Turbine {number}", owner=firm.owner)

    assert queries(client, "/search/?q=turbine") == few


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("trend=growing", []),
        ("prospects=4", ["Turbine Works"]),
        ("prospects=unrated", ["Silver Quarry", "Turbine Branch"]),
        ("country=Norway", ["Silver Quarry"]),
        ("flag=declining", ["Silver Quarry"]),
        ("owner={owner}", ["Turbine Works", "Turbine Branch"]),
        ("department={north}", ["Turbine Works", "Turbine Branch"]),
        ("owner={owner}&q=branch&size=25", ["Turbine Branch"]),
        ("sort=-change&size=7", ["Turbine Works", "Silver Quarry", "Turbine Branch"]),
        ("sort=-owner&size=x", ["Silver Quarry", "Turbine Works", "Turbine Branch"]),
    ],
)
def test_the_list_is_narrowed_by_what_people_know_of_accounts(client, firm, query, found):
    firm.quarry.country = "Norway"
    firm.quarry.save()
    FlagFactory(kind=Flag.Kind.DECLINING, account=firm.quarry)
    client.force_login(firm.director)
    query = query.format(owner=firm.owner.pk, north=firm.north.pk)

    assert names(client.get(f"/accounts/?{query}")) == found


def choices(client):
    form = client.get("/accounts/").context["listing"].filterset.form
    return {
        name: [str(label) for value, label in form.fields[name].choices if value]
        for name in ("owner", "department", "country", "flag")
    }


def test_filter_choices_name_what_the_reader_sees_and_no_more(client, firm):
    AccountFactory(owner=UserFactory(name="Otto Other", department=DepartmentFactory()))
    firm.quarry.country, firm.turbines.country = "NO", "IT"
    firm.quarry.save()
    firm.turbines.save()
    FlagFactory(kind=Flag.Kind.DECLINING, account=firm.quarry)
    FlagFactory(kind=Flag.Kind.LOST, account=None)

    for reader in (firm.owner, firm.head):
        client.force_login(reader)
        assert choices(client) == {
            "owner": ["Olga Owner"],
            "department": ["North"],
            "country": ["Italy"],
            "flag": ["Dependency", "Unrated"],
        }
    client.force_login(firm.director)
    assert choices(client)["country"] == ["Italy", "Norway"]
    assert choices(client)["owner"] == ["Olga Owner", "Otto Other", "Stan Stranger"]
    assert choices(client)["flag"] == ["Dependency", "Declining", "Unrated"]


def test_countries_stand_in_the_order_of_their_names_and_are_asked_for_by_code(client, firm):
    firm.quarry.country, firm.turbines.country = "CH", "AT"
    firm.quarry.save()
    firm.turbines.save()
    AccountFactory(owner=firm.owner, country="Ruritania")
    client.force_login(firm.director)

    form = client.get("/accounts/").context["listing"].filterset.form

    assert [choice for choice in form.fields["country"].choices if choice[0]] == [
        ("AT", "Austria"),
        ("Ruritania", "Ruritania"),
        ("CH", "Switzerland"),
    ]


@pytest.mark.parametrize("name", ["owner", "department", "country", "flag"])
def test_a_choice_outside_the_scope_is_as_one_that_does_not_exist(client, firm, name):
    firm.quarry.country = "Norway"
    firm.quarry.save()
    FlagFactory(kind=Flag.Kind.DECLINING, account=firm.quarry)
    south = firm.stranger.placements.get().department_id
    foreign = {
        "owner": firm.stranger.pk,
        "department": south,
        "country": "Norway",
        "flag": "declining",
    }
    client.force_login(firm.owner)

    there = names(client.get("/accounts/", {name: foreign[name]}))

    assert there == names(client.get("/accounts/", {name: 10**9}))


def test_accounts_without_a_standing_follow_page_by_page(client, firm):
    for number in range(60):
        AccountFactory(account_ref=f"Z{number:02}", name=f"Quiet {number:02}", owner=firm.owner)
    client.force_login(firm.owner)

    pages = [
        names(client.get(f"/accounts/?size=25&sort=-income&page={page}")) for page in (1, 2, 3)
    ]

    assert pages[0][:3] == ["Turbine Works", "Turbine Branch", "Quiet 00"]
    assert [len(page) for page in pages] == [25, 25, 12]
    assert pages[2][-1] == "Quiet 59"
    assert len({name for page in pages for name in page}) == 62


def test_the_list_of_an_older_day_shows_what_was_stored_for_it(client, firm):
    old = RunFactory(as_of="2020-01-31", summary={"total": "100"}, facts={"currency": "EUR"})
    StandingHistoryFactory(run=old, account=firm.branch, segment="strategic")
    client.force_login(firm.owner)

    response = client.get("/accounts/?as_of=2020-01-31&segment=strategic")

    assert names(response) == ["Turbine Branch"]
    assert "31 Jan 2020" in text_of(response)
    for day in ("2001-01-01", "nonsense"):
        assert client.get(f"/accounts/?as_of={day}").status_code == 404


def test_a_firm_without_figures_has_a_list_too(client, db):
    owner = UserFactory(roles=["kam"])
    AccountFactory(name="First Client", owner=owner)
    client.force_login(owner)

    response = client.get("/accounts/?sort=-income&segment=vip")

    assert names(response) == []
    assert names(client.get("/accounts/?sort=-income")) == ["First Client"]


def test_filters_that_are_set_cost_few_queries(client, firm):
    client.force_login(firm.director)
    recompute(day_that_ended())
    query = f"q=turbine&owner={firm.owner.pk}&department={firm.north.pk}&segment=vip"

    with CaptureQueriesContext(connection) as seen:
        client.get(f"/accounts/?{query}", headers={"HX-Request": "true"})

    assert len(seen) <= 12
