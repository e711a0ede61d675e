"""Tells where a new schema of the API would break a program that was written for an old one."""

METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


def breaks(old, new):
    """Each break in a sentence, in a stable order."""
    found = []
    for path, methods in old["paths"].items():
        for method in METHODS & methods.keys():
            told = f"`{method.upper()} {path}`"
            later = new["paths"].get(path, {}).get(method)
            if later is None:
                found.append(f"{told} is gone")
            else:
                found += of_operation(told, methods[method], later, old, new)
    return sorted(set(found))


def of_operation(told, before, after, old, new):
    yield from of_parameters(told, before, after, old, new)
    yield from of_bodies(f"{told} sent", before, after, old, new)
    for status, answer in before["responses"].items():
        later = after["responses"].get(status)
        if later is None:
            yield f"{told} answers no {status} any more"
            continue
        for kind, content in answer.get("content", {}).items():
            if kind not in later.get("content", {}):
                yield f"{told} answers {status} no longer as {kind}"
            else:
                there = later["content"][kind]["schema"]
                where = f"{told} {status}"
                yield from answered(where, content["schema"], there, old, new)


def of_parameters(told, before, after, old, new):
    there = {(each["in"], each["name"]): each for each in before.get("parameters", [])}
    later = {(each["in"], each["name"]): each for each in after.get("parameters", [])}
    for key, each in later.items():
        if each.get("required") and not there.get(key, {}).get("required"):
            yield f"{told} requires the parameter `{key[1]}`"
    for key, each in there.items():
        if key not in later:
            yield f"{told} lost the parameter `{key[1]}`"
        else:
            where = f"{told} parameter `{key[1]}`"
            yield from asked(where, each["schema"], later[key]["schema"], old, new)


def of_bodies(told, before, after, old, new):
    there = before.get("requestBody", {}).get("content", {})
    later = after.get("requestBody", {}).get("content", {})
    if later and not there:
        yield f"{told} requires a body"
    for kind, content in there.items():
        if kind not in later:
            yield f"{told} no longer as {kind}"
        else:
            yield from asked(told, content["schema"], later[kind]["schema"], old, new)


def answered(told, before, after, old, new, depth=0):
    """Where an answer may hold less, or else, than before."""
    before, after = followed(before, old), followed(after, new)
    if depth > 6:
        return
    if types(after) - types(before) and types(before):
        more = ", ".join(sorted(types(after) - types(before)))
        yield f"{told} may be of the type {more}"
    yield from of_values(told, before, after)
    yield from of_branches(told, before, after, old, new, depth, answered)
    fields = after.get("properties", {})
    for name, field in before.get("properties", {}).items():
        if name not in fields:
            yield f"{told} lost the field `{name}`"
            continue
        if name in before.get("required", []) and name not in after.get("required", []):
            yield f"{told} has the field `{name}` no longer for sure"
        yield from answered(f"{told} `{name}`", field, fields[name], old, new, depth + 1)


def asked(told, before, after, old, new, depth=0):
    """Where a program may send less than before, or has to send more."""
    before, after = followed(before, old), followed(after, new)
    if depth > 6:
        return
    if types(after) and types(before) - types(after):
        less = ", ".join(sorted(types(before) - types(after)))
        yield f"{told} may not be of the type {less}"
    yield from of_values(told, before, after)
    for limit, is_narrower in NARROWER.items():
        if limit in after and (limit not in before or is_narrower(after[limit], before[limit])):
            yield f"{told} has a narrower {limit}"
    yield from of_branches(told, before, after, old, new, depth, asked)
    for name in set(after.get("required", [])) - set(before.get("required", [])):
        yield f"{told} requires the field `{name}`"
    fields = after.get("properties", {})
    for name, field in before.get("properties", {}).items():
        if name not in fields:
            yield f"{told} lost the field `{name}`"
        else:
            yield from asked(f"{told} `{name}`", field, fields[name], old, new, depth + 1)


NARROWER = {
    "maxLength": lambda new, old: new < old,
    "maximum": lambda new, old: new < old,
    "minLength": lambda new, old: new > old,
    "minimum": lambda new, old: new > old,
    "minItems": lambda new, old: new > old,
    "maxItems": lambda new, old: new < old,
    "pattern": lambda new, old: new != old,
    "format": lambda new, old: new != old,
}


def of_values(told, before, after):
    for value in before.get("enum", []):
        if "enum" in after and value not in after["enum"]:
            yield f"{told} lost the value `{value}`"
    if "enum" in after and "enum" not in before and types(before):
        yield f"{told} takes only certain values"


def of_branches(told, before, after, old, new, depth, compare):
    if "items" in before and "items" in after:
        yield from compare(f"{told} []", before["items"], after["items"], old, new, depth + 1)
    for key in ("oneOf", "anyOf"):
        for one, other in zip(before.get(key, []), after.get(key, []), strict=False):
            yield from compare(told, one, other, old, new, depth + 1)
        if len(after.get(key, [])) != len(before.get(key, [])):
            yield f"{told} has other forms"


def followed(schema, document):
    """What `schema` refers to, as one schema."""
    if len(schema.get("allOf", [])) == 1:
        schema = {**schema, **schema["allOf"][0]}
    if "$ref" not in schema:
        return schema
    target = document
    for name in schema["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return followed(target, document)


def types(schema):
    found = schema.get("type", [])
    return {found} if isinstance(found, str) else set(found)
