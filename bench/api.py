"""Page 1 of the API's longest list against page 1,000, which a keyset makes alike."""

import statistics
import time

from django.test import Client

FIRST = "/api/v1/standings/?limit=100"
REPEATS = 15


def measure_api(user):
    """Medians of the first page and of the thousandth, in seconds."""
    client = Client()
    client.force_login(user)
    address = FIRST
    for _page in range(999):
        following = client.get(address).json()["next"]
        if following is None:
            break
        address = following
    near, far = ([timed(client, page) for _ in range(REPEATS)] for page in (FIRST, address))
    return {"near": statistics.median(near), "far": statistics.median(far)}


def timed(client, address):
    began = time.monotonic()
    if client.get(address).status_code != 200:
        raise RuntimeError(address)
    return time.monotonic() - began
