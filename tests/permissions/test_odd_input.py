"""What no form of ours sends: refused in order, and nothing written that breaks a page later."""

import pytest

from segmentation.models import Flag
from tests.factories import UserFactory
from tests.permissions.elsewhere import Elsewhere
from tests.permissions.test_matrix import everything

LONG = "1" * 5000  # more digits than Python reads as a number


@pytest.fixture
def elsewhere(db):
    return Elsewhere.make()


@pytest.fixture
def director(client, elsewhere):
    client.force_login(UserFactory(roles=["director"]))
    return client


@pytest.mark.parametrize(
    ("door", "sent", "status"),
    [
        ("edit", {"version": LONG}, 422),
        ("parent", {"parent": LONG, "day": "2024-03-01"}, 422),
        ("team/leave", {"user": LONG}, 404),
        ("prospects/undo", {}, 404),
    ],
)
def test_a_number_too_long_to_be_a_key_is_none(director, elsewhere, door, sent, status):
    before = everything()

    address = f"/accounts/{elsewhere.account.pk}/{door}/"
    response = director.post(address, sent, query_params={"row": LONG, "version": LONG})

    assert response.status_code == status
    assert everything() == before


def test_a_flag_or_a_notice_with_such_a_number_is_none(client, elsewhere):
    client.force_login(elsewhere.owner)
    answer = {"flag": f"{LONG}@", "reason": "Known.", "until": "2024-03-05"}
    before = everything()

    assert client.post("/flags/acknowledge/", answer).status_code == 422
    assert client.post(f"/flags/wake/?flag={LONG}").status_code == 204
    assert client.post("/inbox/read/", {"notice": LONG}).status_code == 302

    assert everything() == before
    assert Flag.objects.open().exists()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize(
    ("door", "sent"),
    [
        ("owner", {"day": "day"}),
        ("parent", {"day": "day"}),
        ("team", {"day": "day", "part": "service"}),
        ("team", {"day": "today", "until": "day", "part": "service"}),
        ("edit", {"closed_on": "day", "close_reason": "Sold."}),
        ("prospects", {"what": "override", "override-review_on": "day"}),
    ],
)
def test_a_day_at_the_end_of_the_calendar_is_asked_again(director, elsewhere, door, sent, day):
    named = {"day": day, "today": "2024-03-01"}
    sent = {name: named.get(value, value) for name, value in sent.items()}
    record = {"name": "N", "account_ref": "R", "kind": "company"}
    whole = {"override-segment": "vip", "override-reason": "R.", "user": elsewhere.owner.pk}
    version = {"version": elsewhere.account.events.latest("pgh_id").pk}
    before = everything()

    address = f"/accounts/{elsewhere.account.pk}/{door}/"
    response = director.post(address, record | whole | version | sent)

    assert response.status_code == 422
    assert everything() == before
    assert director.get(address).status_code == 200


def test_a_parent_is_looked_for_without_its_nul(director, elsewhere):
    address = f"/accounts/{elsewhere.account.pk}/parent/"

    assert director.get(address, {"q": "a\0b"}).status_code == 200


@pytest.mark.parametrize("back", ["no-such-page", "list", "2024-03-01"])
def test_a_language_is_kept_whatever_page_it_was_chosen_on(client, db, back):
    response = client.post("/language/", {"language": "it", "next": back})

    assert (response.status_code, response.url) == (302, back)


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_choosing_a_language_leads_to_no_other_host(client, db, back):
    assert client.post("/language/", {"language": "it", "next": back}).url == "/"
