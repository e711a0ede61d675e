"""Writing about accounts in a real browser: two people at one record, a parent with its shares."""

import pytest

from tests.browser.test_pages import complaints, firm, judge, visit
from tests.pages.conftest import PASSWORD

__all__ = ["complaints", "firm", "visit"]


@pytest.fixture
def second(browser, live_server):
    """A page of somebody else's browser."""

    def second(email):
        page = browser.new_context(base_url=live_server.url).new_page()
        page.goto("/sign-in/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{live_server.url}/")
        return page

    return second


def test_two_people_edit_one_account_and_neither_loses_a_word(firm, visit, second):
    address = f"/accounts/{firm.turbines.pk}/edit/"
    mine = visit(address, email=firm.owner.email)
    theirs = second(firm.head.email)
    theirs.goto(address)
    for page, industry, country in ((theirs, "energy", "Italy"), (mine, "power", "")):
        page.get_by_text("More: legal name").click()
        page.get_by_label("Industry").fill(industry)
        page.get_by_label("Country").fill(country)
        page.get_by_role("button", name="Save").click()
    theirs.wait_for_url(f"**/accounts/{firm.turbines.pk}/")

    mine.get_by_text("Somebody saved first.").wait_for()
    assert mine.get_by_text("Hanna Head").first.is_visible()
    assert mine.get_by_role("textbox", name="Industry").input_value() == "power"
    judge(mine, "the page of the conflict")
    mine.get_by_role("textbox", name="Industry").fill("power and energy")
    mine.get_by_role("button", name="Save what is chosen").click()
    mine.wait_for_url(f"**/accounts/{firm.turbines.pk}/")

    firm.turbines.refresh_from_db()
    assert (firm.turbines.industry, firm.turbines.country) == ("power and energy", "Italy")
    assert mine.get_by_text("Turbine Works is saved.").is_visible()
    theirs.context.close()


def test_a_parent_is_chosen_with_its_shares_in_sight_and_undone(firm, visit, complaints):
    page = visit(f"/accounts/{firm.branch.pk}/parent/", email=firm.director.email)
    page.get_by_role("heading", name="The group with Turbine Works above").wait_for()

    page.get_by_placeholder("Name or reference").fill("quarry")
    page.get_by_label("Silver Quarry").check()
    page.get_by_role("heading", name="The group with Silver Quarry above").wait_for()
    page.get_by_role("cell", name="46.7").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone.").wait_for()

    assert firm.branch.parentages.get().parent == firm.turbines
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_form_hinders_anybody_or_runs_over_its_edge(firm, visit, page, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    visit("/", email=firm.director.email)
    at = f"/accounts/{firm.turbines.pk}"
    for name in ("edit", "owner", "parent", "team", "prospects"):
        judge(visit(f"{at}/{name}/"), name)
    judge(visit("/accounts/new/"), "new")
    page.get_by_label("Name", exact=True).fill("Turbine Work")
    page.get_by_label("Reference").fill("T9")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("This may be an account that we have").wait_for()
    judge(page, "a like account")
