"""A word after an act, with the way back."""

from django.contrib import messages
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers


def say(request, text: str, *, undo: str = "") -> None:
    """Tell the reader what was done; `undo` is an address that takes it back by POST."""
    messages.success(request, text, extra_tags=undo)


def middleware(get_response):
    """Adds what was said to the answer of a click, which htmx puts in its place."""

    def answer(request):
        response = get_response(request)
        told = list(messages.get_messages(request)) if goes_into_page(request, response) else []
        if told:
            context = {"messages": told, "out_of_band": True}
            response.content += render_to_string("components/toasts.html", context).encode()
            patch_vary_headers(response, ["HX-Request"])
        return response

    return answer


def goes_into_page(request, response):
    # A page that is loaded next shows them itself.
    leaves = {"HX-Redirect", "HX-Refresh", "HX-Location"} & set(response.headers)
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return request.htmx and is_html and not leaves and not response.streaming
