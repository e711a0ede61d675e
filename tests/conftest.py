"""What every test may need: a cache of its own, a database whose rows are committed."""

import os
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, connections


def copy_database(new, old):
    """Make database `new` from `old`, cutting off whoever uses them."""
    cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(**server(), autocommit=True) as maintenance:
        maintenance.execute(cut, [old])
        maintenance.execute(f'DROP DATABASE IF EXISTS "{new}" WITH (FORCE)')
        maintenance.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')


def server():
    given = connection.settings_dict
    return {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "dbname": "postgres",
    }


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Databases go with their cluster: a late session then keeps nobody from ending."""
    return django_db_keepdb or "KAM_TEST_DATA" in os.environ


@pytest.fixture(scope="session")
def kept_database(django_db_setup, django_db_blocker):
    """A copy of the migrated database."""
    with django_db_blocker.unblock():
        name = connection.settings_dict["NAME"]
        connections.close_all()
        copy_database(f"{name}_kept", name)


@pytest.fixture
def transactional_db(kept_database, django_db_blocker):
    """Stands in for pytest-django's under `live_server`: rows are committed, then forgotten.

    That one truncates afterwards, which takes the roles and the policy with it.
    """
    with django_db_blocker.unblock():
        yield
        name = connection.settings_dict["NAME"]
        connections.close_all()
        copy_database(name, f"{name}_kept")


@pytest.fixture(autouse=True)
def own_cache(settings):
    """A cache of its own: throttles would else count the sign-ins of all tests together."""
    default = settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}
    settings.CACHES = settings.CACHES | {"default": default}


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """A folder of its own for what is uploaded."""
    settings.MEDIA_ROOT = tmp_path / "media"
