"""A worker that lives keeps its job, however long the job takes."""

import threading
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from firm.jobs import add_job, claim
from firm.models import Job


def test_a_job_past_its_lease_stays_with_the_worker_that_holds_its_row(transactional_db):
    add_job("make", "north")
    claim()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = []

    def other_worker():
        taken.append(claim())
        connection.close()

    with transaction.atomic():
        list(Job.objects.select_for_update().all())
        thread = threading.Thread(target=other_worker)
        thread.start()
        thread.join()
    assert taken == [None]
    assert claim().attempts == 2
