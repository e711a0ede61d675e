"""What people keep about themselves, and what the mails about it say and do not say."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from firm.adapter import know_email
from firm.models import User
from tests.factories import UserFactory
from tests.pages.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EMAIL = "/sign-in/email/"
RESET = "/sign-in/password/reset/"
NEW = "an even longer secret"


@pytest.fixture
def user():
    return UserFactory(roles=["kam"], name="Olga Owner", email="olga@example.com")


@pytest.fixture
def client(client, user):
    sign_in(client, user.email)
    client.post("/sign-in/reauthenticate/", {"password": PASSWORD})
    return client


def sign_in(client, email, password=PASSWORD):
    client.post("/sign-in/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


def link_in(message):
    return re.search(r"http://testserver(/sign-in/\S+)", message.body)[1]


# --- profile


def test_a_person_says_how_they_are_called_and_spoken_to(client, user):
    sent = {"name": "Olga O.", "language": "it", "time_zone": "Europe/Rome"}

    response = client.post("/settings/", sent)

    assert response["Location"] == "/settings/"
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == tuple(sent.values())
    assert 'lang="it"' in client.get("/settings/").content.decode()
    assert user.events.latest("pgh_id").name == "Olga O."
    client.post("/sign-in/logout/")
    assert 'lang="it"' in client.get("/sign-in/login/").content.decode()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"language": "xx"}, {"time_zone": "Moon/Tranquillity"}]
)
def test_what_cannot_be_is_asked_again_and_changes_nothing(client, user, wrong):
    response = client.post("/settings/", {"name": "O", "language": "", "time_zone": ""} | wrong)

    assert response.status_code == 422
    user.refresh_from_db()
    assert (user.name, user.language, user.time_zone) == ("Olga Owner", "", "")


def test_nobody_gives_themselves_more_than_the_form_has(client, user):
    extra = {"is_staff": "on", "is_superuser": "on", "email": "x@example.com", "staff_ref": "1"}

    client.post("/settings/", {"name": "Olga", "language": "", "time_zone": ""} | extra)

    user.refresh_from_db()
    assert (user.is_staff, user.is_superuser, user.staff_ref) == (False, False, None)
    assert user.email == "olga@example.com"


def test_the_doors_speak_the_language_of_who_is_inside(client, user):
    User.objects.filter(pk=user.pk).update(language="ru")

    assert 'lang="ru"' in client.get("/sign-in/password/change/").content.decode()


def test_pages_that_show_secrets_are_not_kept(client):
    for path in ("2fa/totp/activate/", "2fa/webauthn/add/", "password/change/"):
        assert "no-store" in client.get(f"/sign-in/{path}")["Cache-Control"]


# --- e-mail


def test_a_new_e_mail_holds_once_it_is_confirmed_and_the_old_one_is_told(client, user):
    client.post(EMAIL, {"email": "Olga.New@example.com", "action_add": ""})
    user.refresh_from_db()
    assert user.email == "olga@example.com"
    assert "olga.new@example.com waits" in client.get("/settings/").content.decode()
    assert [message.to for message in mail.outbox] == [["olga.new@example.com"]]

    client.post(link_in(mail.outbox[0]))

    user.refresh_from_db()
    assert user.email == "olga.new@example.com"
    told = mail.outbox[-1]
    assert told.to == ["olga@example.com"]
    assert "olga.new@example.com from now on" in told.body
    assert [a.email for a in EmailAddress.objects.filter(user=user)] == ["olga.new@example.com"]
    assert not sign_in(Client(), "olga@example.com")
    assert sign_in(Client(), "olga.new@example.com")


def test_changing_the_e_mail_asks_for_the_password_again(user):
    client = Client()
    sign_in(client, user.email)

    response = client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    assert response["Location"].startswith("/sign-in/reauthenticate/")
    assert mail.outbox == []

    client.post(response["Location"], {"password": PASSWORD, "next": EMAIL})
    assert mail.outbox[0].to == ["new@example.com"]


def test_a_link_of_yesterday_confirms_nothing(client, user):
    with time_machine.travel("2026-11-20T10:00:00Z") as clock:
        client = Client()
        sign_in(client, user.email)
        client.post("/sign-in/reauthenticate/", {"password": PASSWORD})
        client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
        clock.shift(24 * 3600 + 60)

        page = Client().get(link_in(mail.outbox[0]))
        Client().post(link_in(mail.outbox[0]))

    assert "This link holds no longer" in page.content.decode()
    user.refresh_from_db()
    assert user.email == "olga@example.com"


def test_a_link_confirms_once(client, user):
    client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    link = link_in(mail.outbox[0])
    client.post(link)

    assert client.post(link).status_code == 404


def test_a_change_is_taken_back_before_it_is_confirmed(client, user):
    client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    client.post(EMAIL, {"email": "new@example.com", "action_remove": ""})

    assert client.post(link_in(mail.outbox[0])).status_code == 404
    user.refresh_from_db()
    assert user.email == "olga@example.com"


def test_the_address_of_a_colleague_is_answered_like_any_other_and_stays_theirs(client, user):
    theirs = UserFactory(email="stan@example.com")

    known = client.post(EMAIL, {"email": "Stan@example.com", "action_add": ""})
    free = client.post(EMAIL, {"email": "new@example.com", "action_add": ""})

    assert (known.status_code, known["Location"]) == (free.status_code, free["Location"])
    client.post(EMAIL, {"email": "stan@example.com", "action_add": ""})
    address = EmailAddress.objects.get(user=user, email="stan@example.com")
    client.post(link_in(mail.outbox[0])) if mail.outbox else None
    address.refresh_from_db()
    assert not address.verified
    user.refresh_from_db()
    assert (user.email, User.objects.get(pk=theirs.pk).email) == (
        "olga@example.com",
        "stan@example.com",
    )


def test_an_address_that_a_colleague_got_meanwhile_stays_theirs(client, user):
    client.post(EMAIL, {"email": "new@example.com", "action_add": ""})
    UserFactory(email="new@example.com")

    client.post(link_in(mail.outbox[0]))

    user.refresh_from_db()
    assert user.email == "olga@example.com"


def test_an_e_mail_that_an_administrator_changed_is_known_at_the_next_sign_in(user):
    know_email(user)
    User.objects.filter(pk=user.pk).update(email="olga.owner@example.com")
    other = UserFactory(email="olga@example.com")

    assert sign_in(Client(), "olga.owner@example.com")
    assert sign_in(Client(), "olga@example.com")

    known = {(a.user_id, a.email, a.verified, a.primary) for a in EmailAddress.objects.all()}
    assert known == {
        (user.pk, "olga.owner@example.com", True, True),
        (other.pk, "olga@example.com", True, True),
    }


# --- password


def test_who_asks_for_a_new_password_gets_the_same_answer_known_or_not(user):
    answers = [Client().post(RESET, {"email": email}) for email in (user.email, "no@example.com")]

    assert {answer["Location"] for answer in answers} == {f"{RESET}done/"}
    assert {answer.content for answer in answers} == {b""}
    known, unknown = mail.outbox
    assert (known.subject, known.to) == ("KAM CRM: New password", [user.email])
    assert (unknown.subject, unknown.to) == ("KAM CRM: New password", ["no@example.com"])
    assert "/sign-in/" not in unknown.body


@pytest.mark.parametrize("kind", ["inactive", "placeholder"])
def test_who_does_not_sign_in_gets_no_link(kind):
    UserFactory(email="gone@example.com", is_active=False, is_placeholder=kind == "placeholder")

    Client().post(RESET, {"email": "gone@example.com"})

    assert "/sign-in/" not in mail.outbox[0].body


def test_an_address_that_waits_to_be_confirmed_gets_no_link(client):
    client.post(EMAIL, {"email": "typo@example.com", "action_add": ""})

    Client().post(RESET, {"email": "typo@example.com"})

    assert "/password/reset/key/" not in mail.outbox[-1].body


def reset(link, chosen=NEW):
    visitor = Client()
    page = visitor.get(link, follow=True)
    return visitor.post(page.request["PATH_INFO"], {"password1": chosen, "password2": chosen})


def test_a_reset_sets_the_password_ends_every_session_and_tells_so(client, user):
    Client().post(RESET, {"email": "Olga@Example.com"})

    reset(link_in(mail.outbox[0]))

    assert client.get("/settings/").status_code == 302
    assert not sign_in(Client(), user.email)
    assert sign_in(Client(), user.email, NEW)
    assert "set anew" in mail.outbox[-1].body


def test_a_reset_link_works_once_and_for_an_hour(user):
    with time_machine.travel("2026-11-20T10:00:00Z") as clock:
        Client().post(RESET, {"email": user.email})
        link = link_in(mail.outbox[0])
        clock.shift(3601)
        assert "This link holds no longer" in Client().get(link, follow=True).content.decode()
        clock.shift(-10)
        reset(link)
        assert "This link holds no longer" in Client().get(link, follow=True).content.decode()


def test_a_reset_link_dies_with_the_e_mail_that_it_was_sent_to(user):
    Client().post(RESET, {"email": user.email})
    User.objects.filter(pk=user.pk).update(email="olga.new@example.com")

    page = Client().get(link_in(mail.outbox[0]), follow=True)

    assert "This link holds no longer" in page.content.decode()


@pytest.mark.parametrize("email", ["olga@example.com", "no@example.com"])
def test_asking_again_and_again_is_throttled_known_or_not(user, email):
    answers = [Client().post(RESET, {"email": email}).status_code for _again in range(6)]

    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_mail_speaks_the_language_of_its_reader(user):
    User.objects.filter(pk=user.pk).update(language="it")

    Client().post(RESET, {"email": user.email})

    with translation.override("it"):
        sentence = gettext(
            "Somebody asked for a new password for your sign-in. Set it here within an hour:"
        )
    assert sentence in mail.outbox[0].body


def test_who_has_no_password_sets_one(user):
    client = Client()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    assert "You have none." in client.get("/settings/").content.decode()
    client.post("/sign-in/password/set/", {"password1": NEW, "password2": NEW})

    assert client.get("/settings/").status_code == 200
    assert sign_in(Client(), user.email, NEW)


def test_a_password_as_weak_as_the_name_is_refused(client, user):
    response = client.post(
        "/sign-in/password/change/",
        {"oldpassword": PASSWORD, "password1": "password1234", "password2": "password1234"},
    )

    assert "too common" in response.content.decode()
    assert sign_in(Client(), user.email)


def test_a_colleague_who_is_added_signs_in_however_the_e_mail_is_written():
    User.objects.create_user("Olga@Example.com", PASSWORD, name="Olga")

    assert sign_in(Client(), "OLGA@example.com")
