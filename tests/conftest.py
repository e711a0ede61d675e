"""What every test has."""

from uuid import uuid4

import pytest


@pytest.fixture(autouse=True)
def own_cache(settings):
    """A cache of its own: throttles would else count the sign-ins of all tests together."""
    default = settings.CACHES["default"] | {"KEY_PREFIX": uuid4().hex}
    settings.CACHES = settings.CACHES | {"default": default}
