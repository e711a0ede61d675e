"""What machines ask: alive, ready, in numbers. No sign-in."""

import ipaddress

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_prometheus.exports import ExportToDjangoView
from health_check.checks import Database
from health_check.exceptions import HealthCheckException

from segmentation.models import Run

# A proxy adds one of these, and then the caller's address is the proxy's.
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")
# Asked in this order, and no further than the first that fails.
CHECKS = ("database", "migrations", "broker")


@require_GET
@never_cache
@login_not_required
def alive(request):
    return HttpResponse("alive\n", content_type="text/plain")


@require_GET
@never_cache
@login_not_required
def ready(request):
    answer = dict.fromkeys(CHECKS) | {"last_night_seconds": None}
    for name, check in zip(CHECKS, (database, migrations, broker), strict=True):
        answer[name] = check()
        if not answer[name]:
            return JsonResponse(answer, status=503)
    return JsonResponse(answer | {"last_night_seconds": age_of_last_night()})


@require_GET
@never_cache
@login_not_required
def metrics(request):
    if not (is_local(request) or has_token(request)):
        return HttpResponseForbidden("A token is needed.\n", content_type="text/plain")
    return ExportToDjangoView(request)


def database():
    try:
        Database().run()
    except (HealthCheckException, DatabaseError):
        return False
    return True


def migrations():
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker():
    try:
        with redis.Redis.from_url(
            settings.CACHES["default"]["LOCATION"], socket_connect_timeout=2, socket_timeout=2
        ) as client:
            return client.ping()
    except redis.RedisError:
        return False


def age_of_last_night():
    """Seconds since the last nightly run ended, or None before the first."""
    ended = Run.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    return ended and round((timezone.now() - ended).total_seconds())


def is_local(request):
    if any(name in request.headers for name in FORWARDED):
        return False
    address = request.META.get("REMOTE_ADDR")
    return bool(address) and ipaddress.ip_address(address).is_loopback


def has_token(request):
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(sent, f"Bearer {token}")
