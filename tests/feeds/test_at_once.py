"""Two workers that watch at the same moment."""

import threading

from django.db import connection

from accounts.feeds.watching import watch
from accounts.models import FeedAlert
from tests.factories import UserFactory
from tests.feeds.conftest import at, expected


def test_two_workers_do_not_tell_twice(transactional_db):
    feeder = UserFactory(roles=["administrator"])
    expected(since="11-19 12:00")
    start = threading.Barrier(2)

    def worker():
        try:
            start.wait()
            watch(at("11-20 06:00"))
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert FeedAlert.objects.count() == 1
    assert feeder.notifications.count() == 1
