"""A job is done once, whatever dies on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from firm.jobs import MAX_ATTEMPTS, add_job, claim, do_next_job
from firm.models import Department, Job

pytestmark = pytest.mark.django_db


def make_department(job):
    Department.objects.create(code=job.key, name=job.key)


def fail(job):
    make_department(job)
    raise ValueError("out of paper")


def later(**fields):
    Job.objects.update(run_after=timezone.now() - timedelta(seconds=1), **fields)


def test_a_job_is_done_and_its_key_stays_taken():
    job, is_new = add_job("make", "north")
    assert is_new
    assert do_next_job({"make": make_department})

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 1)
    assert add_job("make", "north") == (job, False)
    assert not do_next_job({"make": make_department})
    assert Department.objects.count() == 1


def test_a_job_that_fails_leaves_nothing_waits_and_is_given_up_with_its_reason():
    job, _is_new = add_job("make", "north")
    for _attempt in range(MAX_ATTEMPTS):
        later()
        assert do_next_job({"make": fail})
        assert not Department.objects.exists()

    later()
    assert not do_next_job({"make": fail})
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DEAD, MAX_ATTEMPTS)
    assert "out of paper" in job.error


def test_a_failed_job_waits_before_it_is_tried_again():
    add_job("make", "north")
    do_next_job({"make": fail})

    assert not do_next_job({"make": make_department})


def test_a_job_of_an_unknown_topic_dies_and_holds_nothing_up():
    add_job("poison", "x")
    add_job("make", "north")
    while do_next_job({"make": make_department}):
        pass

    assert Department.objects.count() == 1
    assert "KeyError" in Job.objects.get(topic="poison").error


def test_a_job_whose_worker_died_is_taken_again_after_its_lease():
    add_job("make", "north")
    claim()
    assert not do_next_job({"make": make_department})

    later(lease_until=timezone.now() - timedelta(seconds=1))
    assert do_next_job({"make": make_department})
    assert Job.objects.get().attempts == 2


def test_a_job_that_kills_its_worker_each_time_is_given_up():
    add_job("make", "north")
    for _attempt in range(MAX_ATTEMPTS + 1):
        claim()
        later(lease_until=timezone.now() - timedelta(seconds=1))

    assert Job.objects.get().state == Job.State.DEAD
