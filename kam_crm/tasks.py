"""Doors for Celery. A message is a wake-up: lost or repeated, it changes nothing."""

from celery import shared_task

from accounts.feeds.totals import plan_reconciling
from accounts.feeds.watching import watch
from firm.jobs import do_next_job
from firm.notify import send_next
from firm.webhooks.pool import forget_old, send_waiting
from kam_crm.events import HANDLERS, plan_digests, plan_night
from kam_crm.hooks import READERS


@shared_task
def nightly():
    """Plan the night's run and do it."""
    plan_night()
    forget_old()
    work.delay()


@shared_task
def digests():
    """Plan the digests of those whose morning has come, and mail them."""
    plan_digests()
    work.delay()


@shared_task
def work():
    """Do the jobs that are due, and mail what cannot wait."""
    while do_next_job(HANDLERS):
        pass
    while send_next():
        pass


@shared_task
def sweep():
    """Catch what a lost message, a dead worker or a missed night left behind."""
    plan_night()
    plan_digests()
    plan_reconciling()
    watch()
    work()


@shared_task
def deliver():
    """Send to webhooks what is due."""
    if send_waiting(READERS):
        deliver.delay()
