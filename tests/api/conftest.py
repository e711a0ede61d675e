"""Readers of the API."""

import pytest
from django.test import Client

from tests.factories import UserFactory


@pytest.fixture
def sign_in(db):
    def sign_in(*roles, **fields):
        client = Client()
        client.user = UserFactory(roles=roles, **fields)
        client.force_login(client.user)
        return client

    return sign_in


@pytest.fixture
def director(sign_in):
    return sign_in("director")


@pytest.fixture
def kam(sign_in):
    return sign_in("kam")
