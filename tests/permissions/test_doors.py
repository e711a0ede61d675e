import pytest

from tests.permissions.routes import ROUTES
from tests.permissions.verdicts import VERDICTS


@pytest.mark.parametrize("name", ROUTES)
def test_only_the_api_and_the_doors_open_without_signing_in(name):
    view = ROUTES[name]
    guarded = getattr(view, "login_required", True)
    is_of_the_api = hasattr(view, "cls")

    assert guarded or is_of_the_api or VERDICTS[name].strangers == "open"


@pytest.mark.parametrize("name", [name for name in ROUTES if hasattr(ROUTES[name], "cls")])
def test_the_api_guards_itself(name):
    permissions = [permission.__name__ for permission in ROUTES[name].cls.permission_classes]

    assert permissions[0] == "IsAuthenticated"
