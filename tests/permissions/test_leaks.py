import django_filters
import pytest
from django.urls import reverse

from accounts.models import Account
from firm.models import User
from tests.factories import DepartmentFactory, UserFactory
from tests.permissions.elsewhere import ABSENT, Elsewhere
from tests.permissions.routes import ROUTES

# Shut to most who use the API: tests/api/test_imports.py, tests/webhooks/test_api.py.
OF_FEW = {"api:import-list", "api:webhook-list", "api:delivery-list"}
LISTS = [
    name
    for name in ROUTES
    if name.startswith("api:") and name.endswith("-list") and name not in OF_FEW
]
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


@pytest.fixture
def director(client, elsewhere):
    client.force_login(UserFactory(roles=["director"]))
    return client


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


# What no list shows, or not as its own, by every way of naming it.
HIDDEN = [
    "password",
    "created_at",
    "tax_number__startswith",
    "owner__password",
    "account__tax_number",
    "account__legal_name__startswith",
    "ownerships__owner__email__startswith",
    "entries__revenue__gt",
    "flags__reason",
    "acknowledged_reason",
    "imported__by",
    "pk__in",
    "evidence",
    "_state",
]


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_does_not_show_cannot_be_asked_by(director, elsewhere, name):
    shown = ROUTES[name].cls.serializer_class().fields
    for hidden in HIDDEN:
        for query in ({hidden: "Z"}, {"ordering": hidden}, {"fields": f"id,{hidden}"}):
            if hidden in shown and "fields" in query:
                continue
            response = director.get(reverse(name), query)
            assert response.status_code == 400
            assert not any(word in response.content.decode() for word in elsewhere.words)


@pytest.mark.parametrize("name", LISTS)
def test_chosen_fields_are_all_that_comes(director, name):
    for field in ROUTES[name].cls.serializer_class().fields:
        [row, *_rest] = director.get(reverse(name), {"fields": field}).json()["results"]
        assert list(row) == [field]


ATTACKS = [
    "id; DROP TABLE accounts_account",
    "id) UNION SELECT password FROM firm_user --",
    "' OR 1=1 --",
    '" OR ""="',
    "id::text",
    "1/**/OR/**/1=1",
    "%27%20OR%201=1",
    "\\'; --",
    "$$||pg_sleep(5)||$$",
    "{{7*7}}",
    "id\x00",
]


@pytest.mark.parametrize("name", LISTS)
def test_an_injection_is_a_text_like_any_other(director, name):
    """It finds nothing or is refused, whichever parameter it stands in; nothing ever breaks."""
    everyone = User.objects.count()
    for attack in ATTACKS:
        refused_or_nothing(director, name, attack)
    assert User.objects.count() == everyone


def refused_or_nothing(director, name, attack):
    for parameter in ("ordering", "fields", "cursor", "limit"):
        assert director.get(reverse(name), {parameter: attack}).status_code == 400
    for parameter, declared in ROUTES[name].cls.filterset_class.base_filters.items():
        if isinstance(declared, django_filters.BooleanFilter):
            continue
        response = director.get(reverse(name), {parameter: attack})
        assert response.status_code in (200, 400)
        if response.status_code == 200:
            assert response.json()["results"] == []


def a_request(client):
    """What a filter's choices are asked for with."""
    request = client.get("/api/v1/accounts/").wsgi_request
    request.user = User.objects.get(pk=client.session["_auth_user_id"])
    return request
