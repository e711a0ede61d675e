"""How often a program may ask: counted for each token, or for each person who signed in."""

import re
import time

import redis
from django.conf import settings
from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

SECONDS = {"s": 1, "m": 60, "h": 3600}


def rate():
    """Requests and the seconds of their window, from the setting `API_RATE`, like 600/m."""
    count, unit = re.fullmatch(r"(\d+)/([smh])", settings.API_RATE).groups()
    return int(count), SECONDS[unit]


class PerCaller(BaseThrottle):
    """A fixed window, counted by one atomic step of the cache. Without a cache nobody waits."""

    def allow_request(self, request, view):
        allowed, seconds = rate()
        now = time.time()
        window = int(now // seconds)
        self.left = (window + 1) * seconds - now
        used = count(f"api-rate:{caller(request)}:{window}", seconds)
        # Answered with every response, a refused one too.
        view.headers["RateLimit-Policy"] = f'"default";q={allowed};w={seconds}'
        remaining = max(allowed - used, 0)
        view.headers["RateLimit"] = f'"default";r={remaining};t={self.wait()}'
        return used <= allowed

    def wait(self):
        return int(self.left) + 1


def caller(request):
    # Of a token its hash: no part of the token itself stands in a cache.
    return f"token-{request.auth.pk}" if request.auth else f"user-{request.user.pk}"


def count(key, seconds):
    try:
        cache.add(key, 0, timeout=2 * seconds)
        return cache.incr(key)
    except (redis.RedisError, ValueError):
        return 0
