"""The day in the top bar in a real browser: opened, chosen, left, by mouse and keyboard."""

from datetime import timedelta

import pytest

from segmentation.nightly import recompute
from tests.browser.test_pages import complaints, firm, judge, visit

__all__ = ["complaints", "firm", "visit"]


@pytest.fixture
def day(firm):
    """A day that is neither of the last nights nor a month's end."""
    day = firm.run.as_of - timedelta(days=40)
    day += timedelta(days=(day + timedelta(days=1)).day == 1)
    for older in (day, *(firm.run.as_of - timedelta(days=n) for n in (1, 2))):
        recompute(older)
    return day


def summary(page):
    return page.locator(".k-asof summary")


def test_the_menu_opens_and_closes_by_keyboard(firm, visit, day, complaints):
    page = visit("/segments/", email=firm.owner.email)
    field = page.get_by_label("Figures as they were stored for")

    summary(page).focus()
    page.keyboard.press("Enter")
    field.wait_for()
    judge(page, "the menu of the day")
    field.focus()
    page.keyboard.press("Escape")

    assert not field.is_visible()
    assert summary(page).evaluate("it => it === document.activeElement")
    assert complaints == []


def test_another_day_keeps_the_filter_that_was_typed_since(firm, visit, day, complaints):
    page = visit("/accounts/", email=firm.owner.email)
    page.get_by_label("Name or reference").fill("branch")
    page.wait_for_url("**q=branch**")

    summary(page).click()
    page.get_by_label("Figures as they were stored for").fill(day.isoformat())
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(f"**as_of={day}")

    assert "q=branch" in page.url
    assert page.get_by_role("link", name="Turbine Branch").is_visible()
    assert summary(page).get_by_text("not the newest").is_visible()

    summary(page).click()
    page.get_by_role("link", name="Back to the newest day").click()
    page.wait_for_url(lambda url: "as_of" not in url)
    assert "q=branch" in page.url
    assert not page.get_by_text("not the newest").count()
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 992, 360])
def test_the_menu_of_an_older_day_fits_and_hinders_nobody(firm, visit, page, day, theme, width):
    page.set_viewport_size({"width": width, "height": 740})
    page.emulate_media(color_scheme=theme)
    visit(f"/accounts/?as_of={day}", email=firm.owner.email)

    assert summary(page).get_by_text("not the newest").is_visible()
    summary(page).click()
    page.get_by_role("link", name="Back to the newest day").wait_for()

    judge(page, "the menu of an older day")
    box = page.locator(".k-asof .k-pop").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    visit("/segments/days/")
    judge(page, "the page of the days")
