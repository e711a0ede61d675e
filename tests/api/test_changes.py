"""The schema that is committed is the one that is served, and breaks nothing in silence."""

import copy
import json
from pathlib import Path

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.api.schemas import breaks

FOLDER = Path(__file__).parents[2] / "docs" / "api"
RENEW = "manage.py spectacular --format openapi-json --file docs/api/schema.json"


def read(name):
    return json.loads((FOLDER / name).read_text())


def served():
    return json.loads(
        json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
    )


def test_the_committed_schema_is_the_one_that_is_served():
    assert read("schema.json") == served(), RENEW


def test_whatever_may_break_a_program_stands_in_the_changelog():
    # Words alone: the changelog breaks its lines where they are long.
    told = " ".join((FOLDER / "CHANGELOG.md").read_text().split())

    untold = [each for each in breaks(read("published.json"), served()) if each not in told]

    assert untold == []


def lose_path(schema):
    del schema["paths"]["/api/v1/flags/"]


def lose_method(schema):
    del schema["paths"]["/api/v1/accounts/"]["post"]


def lose_field(schema):
    del schema["components"]["schemas"]["AccountRow"]["properties"]["country"]


def lose_nested_field(schema):
    del schema["components"]["schemas"]["Colleague"]["properties"]["email"]


def lose_value(schema):
    schema["components"]["schemas"]["SegmentEnum"]["enum"].remove("vip")


def lose_filter(schema):
    parameters = schema["paths"]["/api/v1/accounts/"]["get"]["parameters"]
    parameters[:] = [each for each in parameters if each["name"] != "country"]


def require_parameter(schema):
    schema["paths"]["/api/v1/accounts/"]["get"]["parameters"].append(
        {"name": "firm", "in": "query", "required": True, "schema": {"type": "string"}}
    )


def require_known_parameter(schema):
    schema["paths"]["/api/v1/accounts/"]["get"]["parameters"][0]["required"] = True


def require_field(schema):
    schema["components"]["schemas"]["AccountCreate"]["required"].append("country")


def refuse_field(schema):
    del schema["components"]["schemas"]["PatchedAccountChange"]["properties"]["headcount"]


def narrow_type(schema):
    schema["components"]["schemas"]["AccountCreate"]["properties"]["owner"]["type"] = "integer"


def narrow_length(schema):
    schema["components"]["schemas"]["AccountCreate"]["properties"]["name"]["maxLength"] = 20


def widen_answer(schema):
    schema["components"]["schemas"]["Account"]["properties"]["name"]["type"] = ["string", "null"]


def lose_certainty(schema):
    schema["components"]["schemas"]["Account"]["required"].remove("name")


@pytest.mark.parametrize(
    "change",
    [
        lose_path,
        lose_method,
        lose_field,
        lose_nested_field,
        lose_value,
        lose_filter,
        require_parameter,
        require_known_parameter,
        require_field,
        refuse_field,
        narrow_type,
        narrow_length,
        widen_answer,
        lose_certainty,
    ],
)
def test_a_change_that_breaks_is_found(change):
    old = served()
    new = copy.deepcopy(old)
    change(new)

    assert breaks(old, new)


def add_path(schema):
    schema["paths"]["/api/v1/new/"] = schema["paths"]["/api/v1/flags/"]


def add_field(schema):
    schema["components"]["schemas"]["Account"]["properties"]["colour"] = {"type": "string"}


def add_parameter(schema):
    schema["paths"]["/api/v1/accounts/"]["get"]["parameters"].append(
        {"name": "colour", "in": "query", "schema": {"type": "string"}}
    )


def say_more(schema):
    schema["paths"]["/api/v1/accounts/"]["get"]["description"] = "More words."


@pytest.mark.parametrize("change", [add_path, add_field, add_parameter, say_more])
def test_a_change_that_adds_breaks_nothing(change):
    old = served()
    new = copy.deepcopy(old)
    change(new)

    assert breaks(old, new) == []
