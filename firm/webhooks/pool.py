"""Several senders side by side, so that a receiver that hangs holds up nobody else's."""

import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from firm.models import Delivery, Webhook
from firm.webhooks.sending import AT_ONCE, Reader, send_next

LOCK = 0x4B414D03
# So long a worker gives itself to webhooks before it looks at other work.
SECONDS = 20
PAUSE = 0.2
KEPT = timedelta(days=30)


class Senders:
    """Threads that send until nothing is due and none of them is busy, or the time is up."""

    def __init__(self, readers: Mapping[str, Reader]):
        self.readers = readers
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.busy = 0

    def run(self) -> None:
        try:
            while not self.stopped.is_set():
                if not self.send() and not self.busy:
                    return
        finally:
            # It is this thread's own.
            connection.close()

    def send(self) -> bool:
        self.count(1)
        try:
            sent = send_next(self.readers)
        finally:
            self.count(-1)
        if not sent and self.busy:
            # What a busy one brings about may be due by then.
            time.sleep(PAUSE)
        return sent

    def count(self, change: int) -> None:
        with self.lock:
            self.busy += change


def send_waiting(readers: Mapping[str, Reader]) -> bool:
    """Send what is due, by one worker at a time; say whether the time was up before the work was.

    When the time is up the next worker may begin, while the last senders of this one end.
    """
    if not Webhook.objects.due(timezone.now(), AT_ONCE).exists():
        return False
    senders = Senders(readers)
    number = min(settings.WEBHOOK_SENDERS, AT_ONCE * Webhook.objects.count())
    pool = ThreadPoolExecutor(number)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return False
            running = [pool.submit(senders.run) for _number in range(number)]
            _done, late = wait(running, SECONDS)
            senders.stopped.set()
    finally:
        # The lock is let go before the last ones end.
        pool.shutdown()
    for each in running:
        each.result()
    return bool(late)


def forget_old() -> int:
    """Drop deliveries of a month ago; give how many."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT)
    count, _models = old.exclude(state=Delivery.State.SENDING).delete()
    return count
