import django_filters
import pytest
from django.urls import reverse

from accounts.models import Account
from firm.models import User
from tests.factories import DepartmentFactory, UserFactory
from tests.permissions.elsewhere import ABSENT, Elsewhere
from tests.permissions.routes import ROUTES

LISTS = [name for name in ROUTES if name.startswith("api:") and name.endswith("-list")]
FILTERS = [
    (name, filter_name, declared)
    for name in LISTS
    for filter_name, declared in ROUTES[name].cls.filterset_class.base_filters.items()
]
BY_RECORD = [each for each in FILTERS if isinstance(each[2], django_filters.ModelChoiceFilter)]
BY_TEXT = [each for each in FILTERS if isinstance(each[2], django_filters.CharFilter)]


@pytest.fixture
def elsewhere(db):
    return Elsewhere.make()


@pytest.fixture(params=["head", None])
def outsider(request, client, elsewhere):
    roles = [request.param] if request.param else []
    client.force_login(UserFactory(roles=roles, department=DepartmentFactory()))
    return client


@pytest.mark.parametrize(("name", "parameter", "declared"), BY_RECORD)
def test_a_filter_answers_for_a_foreign_record_as_for_an_absent_one(
    outsider, elsewhere, name, parameter, declared
):
    model = declared.queryset(a_request(outsider)).model
    foreign = {Account: elsewhere.account, User: elsewhere.owner}[model]

    there = outsider.get(reverse(name), {parameter: foreign.pk})
    nowhere = outsider.get(reverse(name), {parameter: ABSENT})

    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
    assert there.status_code == 400


@pytest.mark.parametrize(("name", "parameter", "declared"), BY_TEXT)
def test_a_text_finds_nothing_foreign(outsider, elsewhere, name, parameter, declared):
    nowhere = outsider.get(reverse(name), {parameter: "no such thing"})

    for word in elsewhere.words:
        response = outsider.get(reverse(name), {parameter: word})
        assert response.json() == nowhere.json()


@pytest.mark.parametrize("name", LISTS)
def test_a_list_tells_nothing_foreign_whatever_its_order(outsider, name):
    for ordering in ROUTES[name].cls.ordering_fields:
        response = outsider.get(reverse(name), {"ordering": ordering})
        assert response.json() == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("ordering", ["account__name", "tax_number", "pk", "?", "-", "id,id"])
def test_a_field_that_a_list_does_not_name_orders_nothing(outsider, name, ordering):
    assert outsider.get(reverse(name), {"ordering": ordering}).status_code == 400


def a_request(client):
    """What a filter's choices are asked for with."""
    request = client.get("/api/v1/accounts/").wsgi_request
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return request
