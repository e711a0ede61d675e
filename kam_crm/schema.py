"""What the schema of the API says beyond what its views say: problems, limits, examples."""

from http import HTTPStatus

from kam_crm.examples import EXAMPLES
from kam_crm.problems import KINDS, MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "A stable word: "
            + ", ".join(f"`{word}` ({status})" for word, (status, _title) in KINDS.items()),
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened here, in a sentence."},
        "errors": {
            "type": "object",
            "description": "What is wrong with which parameter or field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "existing": {
            "type": "string",
            "format": "uri",
            "description": "With `taken`: whose the reference is, where the caller sees it.",
        },
        "scope": {"type": "string", "description": "With `missing-scope`: the one to ask for."},
    },
    "examples": [
        {
            "type": "not-usable",
            "title": "Something in the request cannot be used",
            "status": 400,
            "detail": "Not usable: kind.",
            "errors": {"kind": ["Select a valid choice."]},
        }
    ],
}
ALWAYS = (400, 401, 403, 404, 406, 429, 500, 503)
WITH_BODY = (413, 415)
LIMITS = {
    "RateLimit": {
        "description": "Requests that are left, and the seconds until all are there again.",
        "schema": {"type": "string", "examples": ['"default";r=2999;t=42']},
    },
    "RateLimit-Policy": {
        "description": "Requests that one token may make, and in how many seconds.",
        "schema": {"type": "string", "examples": ['"default";q=3000;w=60']},
    },
}
WAIT = {
    "Retry-After": {
        "description": "Seconds to wait before the next request.",
        "schema": {"type": "integer"},
    }
}
# What the answer of an operation leads to: by operation, with the parameters that it gives.
ID = {"id": "$response.body#/id"}
LINKS = {
    "accounts_create": {
        "accounts_retrieve": ID,
        "accounts_partial_update": ID | {"If-Match": "$response.body#/etag"},
        "accounts_standing_retrieve": ID,
    },
    "accounts_retrieve": {
        "accounts_partial_update": ID | {"If-Match": "$response.body#/etag"},
    },
    "ledger_imports_create": {
        "ledger_imports_retrieve": ID,
        "ledger_imports_rejected_list": ID,
        "ledger_imports_left_list": ID,
        "ledger_imports_undo_create": ID,
    },
}


def document(result, generator, request, public):
    """The last hand on the schema: called for all of it, once it stands."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for path in result["paths"].values():
        for operation in path.values():
            add_problems(operation)
            add_limits(operation)
            choose_fields(operation, schemas)
            close_body(operation, schemas)
            add_examples(operation)
            add_links(operation)
    return result


def add_problems(operation):
    answers = operation["responses"]
    own = [int(status) for status in answers if int(status) >= 400]
    for status in {*ALWAYS, *own, *(WITH_BODY if "requestBody" in operation else ())}:
        words = [f"`{word}`" for word, (known, _title) in KINDS.items() if known == status]
        answers[str(status)] = {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(words)}.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        if status in (429, 503):
            answers[str(status)]["headers"] = WAIT
    operation["responses"] = dict(sorted(answers.items()))


def add_limits(operation):
    for status, answer in operation["responses"].items():
        if int(status) < 300 or status == "429":
            answer["headers"] = answer.get("headers", {}) | LIMITS


def choose_fields(operation, schemas):
    """Rows of a list hold what `fields` asked for: none of their fields is sure to be there."""
    if not any(each["name"] == "fields" for each in operation.get("parameters", [])):
        return
    [page] = operation["responses"]["200"]["content"].values()
    whole = schemas[page["schema"]["$ref"].split("/")[-1]]
    rows = whole["properties"]["results"]
    name = rows["items"]["$ref"].split("/")[-1]
    part = {key: value for key, value in schemas[name].items() if key != "required"}
    schemas[f"{name}Row"] = part | {"description": f"{name}: all fields, or those asked for."}
    rows["items"] = {"$ref": f"#/components/schemas/{name}Row"}


def close_body(operation, schemas):
    """A body with a field that is not written is refused."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        schemas[body["schema"]["$ref"].split("/")[-1]]["additionalProperties"] = False


def add_examples(operation):
    asked, answered = EXAMPLES.get(operation["operationId"], (None, None))
    if answered is not None:
        for status, answer in operation["responses"].items():
            if int(status) < 300:
                for content in answer.get("content", {}).values():
                    content["example"] = answered
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        if media_type in asked or media_type == "application/json":
            content["example"] = asked.get(media_type, asked)


def add_links(operation):
    links = {
        name: {"operationId": name, "parameters": parameters}
        for name, parameters in LINKS.get(operation["operationId"], {}).items()
    }
    for status, answer in operation["responses"].items():
        if links and int(status) < 300:
            answer["links"] = links
