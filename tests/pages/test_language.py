import pytest
from django.conf import settings
from django.urls import reverse

from tests.factories import UserFactory


def choose(client, **data):
    return client.post(reverse("language"), data)


def test_a_person_keeps_the_language_they_chose(client, db):
    user = UserFactory(roles=["kam"])
    client.force_login(user)

    response = choose(client, language="it", next="/accounts/")

    user.refresh_from_db()
    assert user.language == "it"
    assert response.url == "/accounts/"
    assert 'lang="it"' in client.get("/accounts/").content.decode()


def test_who_is_not_signed_in_reads_the_door_in_the_language_of_the_cookie(client, db):
    choose(client, language="ru", next="/sign-in/login/")

    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "ru"
    assert 'lang="ru"' in client.get("/sign-in/login/").content.decode()


def test_a_language_that_is_not_there_changes_nothing(client, db):
    user = UserFactory(roles=["kam"], language="it")
    client.force_login(user)

    choose(client, language="xx")

    user.refresh_from_db()
    assert user.language == "it"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", ""])
def test_the_way_back_never_leaves_the_site(client, db, elsewhere):
    assert choose(client, language="it", next=elsewhere).url == "/"
