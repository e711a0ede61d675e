"""The pages in a real browser: walked by mouse and keyboard, in light and dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from firm.jobs import do_next_job
from kam_crm.events import HANDLERS
from tests.factories import DeliveryFactory
from tests.pages.conftest import PASSWORD, make_firm

DOOR = ["/sign-in/login/", "/sign-in/password/reset/"]


@pytest.fixture
def firm(transactional_db):
    return make_firm()


@pytest.fixture
def complaints(page):
    """What the browser complains of: refused by the policy, an error of a script, a lost file."""
    said = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def visit(page, live_server, complaints):
    def visit(path, *, email=None):
        if email:
            page.goto(f"{live_server.url}/sign-in/login/")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{live_server.url}/")
        page.goto(f"{live_server.url}{path}")
        page.wait_for_load_state("networkidle")
        return page

    return visit


def pages_of(firm):
    card = f"/accounts/{firm.turbines.pk}/"
    flag = f"/flags/{firm.turbines.flags.first().pk}/"
    sent = DeliveryFactory(
        webhook__owner=firm.director,
        webhook__address="https://hooks.example.com/" + "kam" * 40,
        state="failed",
        fault="status",
        status=500,
        body='{"type":"account.changed"}' * 20,
        response="no " * 300,
    )
    webhook = f"/webhooks/{sent.webhook_id}/"
    return [
        "/",
        "/segments/",
        "/accounts/",
        "/accounts/?trend=new",
        "/search/?q=branch",
        card,
        f"/explain/accounts/{firm.turbines.pk}/",
        f"{card}lines/",
        "/flags/",
        flag,
        f"{flag}acknowledge/",
        "/inbox/",
        "/policy/",
        "/policy/new/",
        "/nightly/",
        f"/nightly/{firm.run.pk}/",
        "/webhooks/",
        "/webhooks/new/",
        webhook,
        f"{webhook}edit/",
        f"{webhook}{sent.pk}/",
        "/nowhere/",
    ]


def test_an_owner_walks_from_the_door_to_an_explanation(firm, visit, complaints):
    page = visit("/accounts/", email=firm.owner.email)

    page.get_by_role("link", name="Turbine Works").click()
    page.get_by_role("link", name="Explain: Dependency").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_role("heading", name="In one sentence").wait_for()
    assert drawer.get_by_text("of the company").first.is_visible()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Dependence").first.click()
    page.get_by_role("link", name="Accounts", exact=True).last.click()
    page.get_by_role("link", name="Turbine Branch").wait_for()
    assert "level=accounts" in page.url

    page.get_by_label("Signed in as Olga Owner").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/login/**")
    assert complaints == []


def test_the_list_narrows_while_typing(firm, visit, complaints):
    page = visit("/accounts/", email=firm.owner.email)

    page.keyboard.press("/")
    page.keyboard.type("branch")

    page.get_by_role("link", name="Turbine Works").wait_for(state="detached")
    assert page.get_by_role("link", name="Turbine Branch").is_visible()
    assert "q=branch" in page.url
    assert complaints == []


def test_everything_is_reached_by_keyboard(firm, visit, complaints):
    page = visit("/segments/", email=firm.owner.email)

    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/accounts/")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{firm.turbines.pk}/")
    # Leaving while panels are on their way cuts them off, and the browser says so.
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("branch")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=branch")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{firm.branch.pk}/")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("g")
    page.wait_for_timeout(1000)
    page.keyboard.press("s")

    assert "/accounts/" in page.url
    assert complaints == []


def test_a_director_previews_a_version_and_saves_it(firm, visit, complaints):
    page = visit("/policy/new/", email=firm.director.email)

    page.get_by_label("Reason").fill("Classes cut finer.")
    page.get_by_label("Class A up to").fill("60")
    page.get_by_role("button", name="Preview what moves").click()
    page.get_by_text("You can leave this page.").wait_for()
    while do_next_job(HANDLERS):
        pass
    page.get_by_role("heading", name="Before and after").wait_for()
    page.get_by_role("button", name="Save, to hold from").click()

    page.get_by_text("Version 2 is saved.").wait_for()
    assert page.get_by_text("Classes cut finer.").is_visible()
    assert complaints == []


def test_the_search_in_the_top_bar_lists_what_it_finds_while_typing(firm, visit, complaints):
    page = visit("/segments/", email=firm.owner.email)
    box, found = (
        page.get_by_role("combobox", name="Search or jump to"),
        page.get_by_role("listbox"),
    )

    page.keyboard.press("Control+k")
    page.keyboard.type("turbnie", delay=30)
    found.get_by_role("option", name="Turbine Branch").wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    judge(page, "the search under the top bar")

    page.keyboard.press("Escape")
    assert not found.is_visible()
    assert box.input_value() == "turbnie"

    box.fill("turb")
    found.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == "found-1"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/accounts/{firm.turbines.pk}/")
    assert complaints == []


def test_a_list_keeps_its_whole_state_in_the_address(firm, visit, complaints):
    page = visit("/accounts/", email=firm.director.email)

    page.get_by_text("More filters").click()
    page.get_by_label("Owner", exact=True).select_option("Olga Owner")
    page.get_by_role("link", name="Silver Quarry").wait_for(state="detached")
    page.get_by_role("link", name="Revenue").click()
    page.wait_for_url("**sort=-turnover**")
    page.reload()

    assert page.get_by_label("Owner", exact=True).is_visible()
    assert not page.get_by_role("link", name="Silver Quarry").is_visible()
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_role("link", name="Silver Quarry").wait_for()
    assert "sort=-turnover" in page.url
    assert complaints == []


def test_the_theme_is_kept(firm, visit):
    page = visit("/segments/", email=firm.owner.email)
    theme = page.locator("html").get_attribute("data-bs-theme")

    page.get_by_label("Switch light and dark").click()
    page.reload()

    assert page.locator("html").get_attribute("data-bs-theme") != theme


def test_on_a_phone_the_menu_opens_and_closes(firm, visit):
    page = visit("/accounts/", email=firm.owner.email)
    page.set_viewport_size({"width": 360, "height": 740})
    menu = page.get_by_role("complementary", name="Main menu")
    assert not menu.is_visible()

    page.get_by_role("button", name="More").click()
    assert menu.is_visible()

    page.keyboard.press("Escape")
    assert not menu.is_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 360])
def test_no_page_hinders_anybody_or_runs_over_its_edge(firm, visit, page, theme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    for path in DOOR:
        judge(visit(path), path)
    visit("/", email=firm.director.email)
    for path in pages_of(firm):
        judge(visit(path), path)


def judge(page, path):
    results = Axe().run(page)
    assert not results.violations_count, f"{path}\n{results.generate_report()}"
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, f"{path} runs {over} px over its edge"


def test_no_page_is_refused_anything_by_the_policy(firm, visit, complaints):
    for path in DOOR:
        visit(path)
    visit("/", email=firm.director.email)
    for path in pages_of(firm)[:-1]:
        visit(path)

    assert complaints == []
