import pytest

from tests.factories import UserFactory


@pytest.mark.parametrize("role", ["kam", "head"])
def test_a_person_signs_in_and_the_browser_has_no_complaint(page, live_server, role):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    user = UserFactory(roles=[role])

    page.goto(f"{live_server.url}/sign-in/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill("a long enough secret")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "sign-in" not in address)

    assert complaints == []
