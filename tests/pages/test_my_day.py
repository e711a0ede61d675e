"""My day, the flags and the inbox: what needs whom, who may answer, and that it stays cheap."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm.models import Notification
from firm.today import today
from segmentation.models import Flag, PutOff
from tests.factories import AccountFactory, FlagFactory, UserFactory


def queries(client, path):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200
    return len(seen)


def text_of(response):
    return response.content.decode()


@pytest.fixture
def flag(firm):
    return firm.turbines.flags.get(kind="dependency")


def answer(flag, **more):
    until = today() + timedelta(days=5)
    return {"reason": "A plan is agreed.", "until": until.isoformat(), "seen": flag.state} | more


def test_an_owner_finds_what_needs_them_by_severity_and_money(client, firm, flag):
    FlagFactory(account=firm.branch, kind="declining", severity=2, money=5, evidence=DECLINE)
    client.force_login(firm.owner)

    response = client.get("/")

    items = response.context["agenda"].items
    assert [item.flag.account for item in items] == [firm.turbines, firm.branch]
    assert "Silver Quarry" not in text_of(response)
    assert response.context["book"].figures["accounts"] == 2


DECLINE = {"loss": 1, "now": 1, "before": 2, "basis": "income"}


def test_gaps_stand_in_a_queue_of_their_own(client, firm):
    client.force_login(firm.owner)

    agenda = client.get("/").context["agenda"]

    assert [gap.account for gap in agenda.queue] == [firm.branch]
    assert {item.flag.kind for item in agenda.items} == {"dependency"}


def test_a_head_gets_disputes_and_what_nobody_answered(client, firm, flag):
    disputed = FlagFactory(account=firm.turbines, kind="disputed", evidence={"kam": 5, "head": 1})
    client.force_login(firm.head)
    assert [item.flag for item in client.get("/").context["agenda"].items] == [disputed]

    Flag.objects.filter(pk=flag.pk).update(raised_on=today() - timedelta(days=20))
    assert {item.flag for item in client.get("/").context["agenda"].items} == {flag, disputed}


@pytest.mark.parametrize("role", ["kam", "head", "director", "analyst", "administrator"])
def test_a_day_without_anything_says_what_comes(client, db, role):
    client.force_login(UserFactory(roles=[role]))

    assert "No figures yet" in text_of(client.get("/"))


@pytest.mark.parametrize("path", ["/", "/flags/", "/inbox/"])
@pytest.mark.parametrize("who", ["owner", "head", "director"])
def test_a_page_asks_as_often_for_many_flags_as_for_few(client, firm, path, who):
    person = getattr(firm, who)
    client.force_login(person)
    tell_of(firm, person, 1)
    client.get(path)
    few = queries(client, path)
    tell_of(firm, person, 12)

    assert queries(client, path) == few


def tell_of(firm, person, count):
    """Give the owner's department flags of every sort, and `person` a notice of each."""
    for _n in range(count):
        account = AccountFactory(owner=firm.owner)
        flag = FlagFactory(account=account, severity=3, raised_on=today() - timedelta(days=30))
        FlagFactory(account=account, kind="unrated", severity=1, evidence={"abc": "A"})
        Notification.objects.create(
            recipient=person, key=f"k{flag.pk}", text="Some text.", subject=f"flag:{flag.pk}"
        )


def test_acknowledging_in_the_row_puts_to_rest_and_can_be_undone(client, firm, flag):
    client.force_login(firm.owner)
    path = f"/flags/{flag.pk}/acknowledge/"
    assert "<form" in text_of(client.get(path, headers={"hx-request": "true"}))

    done = client.post(path, answer(flag), headers={"hx-request": "true"})

    assert done.headers["HX-Trigger"] == "flags-changed"
    undo = f"/flags/wake/?flag={flag.pk}"
    assert undo in text_of(done)
    assert client.get("/").context["agenda"].items == []
    assert flag in client.get("/flags/?state=resting").context["flags"]

    assert client.post(undo).headers["HX-Refresh"] == "true"
    assert len(client.get("/").context["agenda"].items) == 1


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"until": ""}, {"until": "2001-01-01"}, {"until": "2100-01-01"}]
)
def test_an_answer_without_a_reason_or_a_day_comes_back(client, firm, flag, wrong):
    client.force_login(firm.owner)

    response = client.post(f"/flags/{flag.pk}/acknowledge/", answer(flag, **wrong))

    assert response.status_code == 422
    assert Flag.objects.awake().filter(pk=flag.pk).exists()


def test_who_answers_second_is_told_who_was_first(client, firm, flag):
    late = answer(flag)
    for person, status in ((firm.head, 302), (firm.owner, 409)):
        client.force_login(person)
        response = client.post(f"/flags/{flag.pk}/acknowledge/", late)
        assert response.status_code == status

    assert "Hanna Head acknowledged it meanwhile" in text_of(response)


@pytest.mark.parametrize(("role", "status"), [("analyst", 403), ("kam", 404), ("director", 302)])
def test_only_those_who_work_on_it_or_lead_may_answer(client, firm, flag, role, status):
    client.force_login(UserFactory(roles=[role]))

    response = client.post(f"/flags/{flag.pk}/acknowledge/", answer(flag))

    assert response.status_code == status


def test_the_chosen_ones_rest_together_and_foreign_ones_stay(client, firm, flag):
    own = FlagFactory(account=firm.branch)
    foreign = FlagFactory(account=firm.quarry)
    client.force_login(firm.owner)
    boxes = [f"{each.pk}@{each.state}" for each in (flag, own, foreign)]

    response = client.post("/flags/acknowledge/", answer(flag) | {"flag": boxes})

    assert response.status_code == 302
    assert set(Flag.objects.resting()) == {flag, own}


def test_later_takes_an_item_away_until_tomorrow_with_a_way_back(client, firm, flag):
    client.force_login(firm.owner)
    tomorrow = (today() + timedelta(days=1)).isoformat()

    client.post(f"/flags/{flag.pk}/later/", {"until": tomorrow})
    assert client.get("/").context["agenda"].items == []
    assert client.post(f"/flags/{flag.pk}/later/", {"until": "2001-01-01"}).status_code == 422

    client.post(f"/flags/{flag.pk}/now/")
    assert not PutOff.objects.exists()


def test_a_flag_page_tells_its_history(client, firm, flag):
    client.force_login(firm.owner)
    client.post(f"/flags/{flag.pk}/acknowledge/", answer(flag))
    client.post(f"/flags/wake/?flag={flag.pk}")

    text = text_of(client.get(f"/flags/{flag.pk}/"))

    for words in ("Raised, ", "A plan is agreed.", "The acknowledgement was taken back."):
        assert words in text


def test_the_card_shows_what_may_be_done_to_its_flags(client, firm, flag):
    client.force_login(firm.owner)

    text = text_of(client.get(f"/accounts/{firm.turbines.pk}/flags/"))

    assert f"/flags/{flag.pk}/acknowledge/" in text


def test_a_notice_is_opened_once_and_the_bell_counts_the_rest(client, firm):
    client.force_login(firm.owner)
    notices = list(firm.owner.notifications.all())
    assert len(notices) > 1
    page = client.get("/inbox/")
    assert f"Inbox, {len(notices)} unread" in text_of(page)

    opened = client.post(f"/inbox/{notices[0].pk}/open/")

    assert opened["Location"] == notices[0].link
    assert firm.owner.notifications.unread().count() == len(notices) - 1
    client.post("/inbox/read/")
    assert not firm.owner.notifications.unread().exists()


def test_a_notice_on_what_was_lost_from_sight_names_nothing(client, firm):
    firm.turbines.ownerships.all().delete()
    firm.branch.ownerships.all().delete()
    client.force_login(firm.owner)

    text = text_of(client.get("/inbox/"))

    assert "Turbine" not in text
    assert "no longer see" in text


def test_a_notice_is_nobody_elses(client, firm):
    client.force_login(firm.stranger)

    notice = firm.owner.notifications.first()

    assert client.post(f"/inbox/{notice.pk}/open/").status_code == 404
    assert firm.owner.notifications.unread().filter(pk=notice.pk).exists()
