"""The inbox: what each person was told, and whether they may still read its names."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from firm.models import Notification, User


def mark_readable(notices: Iterable[Notification], person: User) -> None:
    """Say of each notice whether `person` still sees what it tells of: `is_readable`.

    One question for each kind of subject, to the room that keeps it: settings.NOTICE_SUBJECTS.
    """
    notices = list(notices)
    asked: dict[str, set[int]] = defaultdict(set)
    for notice in notices:
        kind, pk = notice.tells_of
        if pk is not None:
            asked[kind].add(pk)
    seen = {
        f"{kind}:{pk}"
        for kind, pks in asked.items()
        for pk in import_string(settings.NOTICE_SUBJECTS[kind])(person, pks)
    }
    for notice in notices:
        notice.is_readable = not notice.subject or notice.subject in seen


def mark_read(person: User, *, pk: int | None = None) -> int:
    """Mark one notice of `person` read, or all; give how many were unread."""
    unread = Notification.objects.visible_to(person).unread()
    if pk is not None:
        unread = unread.filter(pk=pk)
    return unread.update(read_at=timezone.now())


def withdraw_unreadable() -> int:
    """Take back the unread notices of those who lost sight of their subject; give how many."""
    waiting = Notification.objects.unread().exclude(subject="").select_related("recipient")
    by_person = defaultdict(list)
    for notice in waiting.order_by("pk"):
        by_person[notice.recipient].append(notice)
    lost = []
    for person, notices in by_person.items():
        mark_readable(notices, person)
        lost += [notice.pk for notice in notices if not notice.is_readable]
    return Notification.objects.filter(pk__in=lost).update(withdrawn_at=timezone.now())
