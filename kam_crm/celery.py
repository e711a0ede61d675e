"""The Celery application: wakes workers for jobs that PostgreSQL holds."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam_crm.settings")

app = Celery("kam_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def wake():
    """Tell a worker that a job waits."""
    app.send_task("kam_crm.tasks.work", retry=False)


def wake_senders():
    """Tell a worker that a webhook waits."""
    app.send_task("kam_crm.tasks.deliver", retry=False)
