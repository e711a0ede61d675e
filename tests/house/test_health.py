import pytest
from django.db import connection
from django.utils import timezone

from firm.models import Policy
from segmentation.models import Run
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_it_is_alive_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_it_is_ready_before_the_first_night(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "migrations": True,
        "broker": True,
        "last_night_seconds": None,
    }


def test_the_age_of_the_last_night_is_told_and_is_no_reason_to_be_unready(client):
    long_ago = timezone.now() - timezone.timedelta(days=9)
    Run.objects.create(
        as_of=TODAY,
        policy=Policy.objects.in_force(TODAY),
        started_at=long_ago,
        finished_at=long_ago,
        is_comparable=True,
        changed=0,
        summary={},
        facts={},
        steps={},
    )

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert 9 * 86400 <= answer.json()["last_night_seconds"] < 9 * 86400 + 60


def test_a_missing_migration_makes_it_unready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'segmentation'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["migrations"] is False


def test_a_missing_broker_makes_it_unready(client, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["broker"] is False


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 403),
        ({"REMOTE_ADDR": ""}, 403),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 403),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer a token"}, 200),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer another"}, 403),
    ],
)
def test_numbers_are_for_this_machine_and_for_whoever_has_the_token(
    client, settings, request_, status
):
    settings.METRICS_TOKEN = "a token"

    assert client.get("/metrics", **request_).status_code == status


def test_without_a_token_in_the_settings_no_token_opens_the_numbers(client, settings):
    settings.METRICS_TOKEN = ""
    stranger = {"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer "}

    assert client.get("/metrics", **stranger).status_code == 403
