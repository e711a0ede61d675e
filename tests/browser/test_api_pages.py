"""The pages of tokens and of the API in a real browser, under the strict policy."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.test_pages import complaints, firm, visit

__all__ = ["complaints", "firm", "visit"]


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


def test_a_token_is_made_copied_and_revoked(firm, visit, complaints):
    page = visit("/tokens/", email=firm.owner.email)

    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        assert violations(page) == []
    page.get_by_label("What it is for").fill("warehouse")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("button", name="Copy").wait_for()
    assert page.get_by_role("textbox", name="The token").input_value().startswith("kam_")
    assert violations(page) == []
    page.get_by_role("link", name="I have it").click()
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("link", name="Revoke warehouse").click()
    page.get_by_role("button", name="Revoke it").click()

    page.get_by_text("The token warehouse works no more.").wait_for()
    assert page.get_by_text("No token yet").is_visible()
    assert complaints == []


def test_the_api_is_tried_out_on_its_page(firm, visit, complaints):
    page = visit("/api/v1/docs/", email=firm.owner.email)

    block = page.locator("#operations-accounts-accounts_list")
    block.locator(".opblock-summary-control").click()
    block.locator(".try-out__btn").click()
    block.locator(".execute").click()

    block.get_by_text("Turbine Works").first.wait_for()
    assert complaints == []
