"""Every route of the URLconf by its name."""

from django.urls import URLResolver, get_resolver


def walk(resolver, spaces=()):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from walk(pattern, inner)
        else:
            name = pattern.name or f"without a name: {pattern.pattern}"
            yield ":".join((*spaces, name)), pattern.callback


ROUTES = dict(walk(get_resolver()))
