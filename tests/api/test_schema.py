import json

import jsonschema
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from accounts.imports.api import PARSERS
from firm.models import ApiToken
from firm.scopes import SCOPES
from segmentation.nightly import recompute
from tests.factories import TODAY, AccountFactory, EntryFactory, UserFactory

# As a client reads it: lazy texts made plain.
DOCUMENT = json.loads(
    json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
)
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.app = get_wsgi_application()


@schemathesis.serializer(*(parser.media_type for parser in PARSERS))
def as_it_is(context, body):
    """A ledger goes over the wire as it was made up."""
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "replace")


@pytest.fixture
def one_connection():
    """The application closes its connection with each request; here the test still needs it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def account(db, one_connection):
    account = AccountFactory(owner=UserFactory(), parent=AccountFactory())
    EntryFactory(account=account)
    EntryFactory()
    recompute(TODAY)
    return account


@pytest.fixture
def bearer(db):
    _token, secret = ApiToken.objects.create(
        UserFactory(roles=["director"]), name="tests", scopes=list(SCOPES)
    )
    return {"Authorization": f"Bearer {secret}"}


@schema.parametrize()
@settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_schema_says(case, account, bearer):
    # A number made up names nothing; every second one names the account that is there.
    made_up = case.path_parameters.get("id")
    if isinstance(made_up, int) and made_up % 2 == 0:
        case.path_parameters["id"] = account.pk
    response = case.call(headers=bearer)
    case.validate_response(response, checks=CHECKS)


def test_what_one_answer_leads_to_is_answered_as_well(account, bearer):
    """Accounts that are made are read and changed, ledgers that are sent are asked for."""

    class Programs(schema.as_state_machine()):
        def get_call_kwargs(self, case):
            return {"headers": bearer}

        def validate_response(self, response, case, **options):
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(
        Programs,
        settings=settings(
            max_examples=10,
            stateful_step_count=8,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_every_operation_has_an_example_that_is_true_to_its_schema(path):
    for operation in DOCUMENT["paths"][path].values():
        bodies = [*operation.get("requestBody", {}).get("content", {}).items()]
        answers = [
            content
            for status, answer in operation["responses"].items()
            for content in answer.get("content", {}).items()
            if int(status) < 300
        ]
        assert bodies == [] or any("example" in content for _kind, content in bodies)
        assert all("example" in content for _kind, content in answers)
        for kind, content in [*bodies, *answers]:
            if kind == "application/json":
                whole = content["schema"] | {"components": DOCUMENT["components"]}
                jsonschema.Draft202012Validator(whole).validate(content["example"])


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_every_operation_says_in_a_sentence_what_it_answers(path):
    for operation in DOCUMENT["paths"][path].values():
        assert operation["description"].endswith(".")


def test_the_schema_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=tmp_path / "schema.yaml")


def test_the_schema_is_served_to_whoever_signs_in(client, director):
    assert client.get("/api/v1/schema/").status_code == 401
    assert director.get("/api/v1/schema/").json()["openapi"] == "3.1.0"
