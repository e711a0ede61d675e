"""The morning's mail: one a person and working day, at most seven lines, and only news."""

from collections.abc import Iterable
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count, Q, Sum
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from firm import roles
from firm.models import Notification, User
from firm.notices import mark_readable
from firm.templatetags.figures import Unit, amount_of
from firm.today import today
from firm.workdays import working_days_back
from segmentation.agenda import WORDS, unanswered
from segmentation.models import Flag, Run, Standing, StandingChange, looked_after_by
from segmentation.reasons import REASONS

LINES = 7
# Older than this it is no news: it stays in the inbox.
NEWS = timedelta(days=7)


def send_digest(person: User, day: date) -> bool:
    """Mail `person` what they were told since their last digest; say whether there was any.

    Marks all of it as mailed, the lines that did not fit too. Runs in the transaction of a job
    that is unique for the person and the day. The mail's own id is of that person and day: one
    that is repeated by a crash between mail and commit is known for the same.
    """
    if person.has_perm(roles.DEPARTMENT_ACCOUNTS):
        tell_of_unanswered(person)
    notices = news_for(person)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        lines = [*department(person), *((notice.rendered(), notice.link) for notice in notices)]
        if lines:
            mail(person, day, lines)
    mailed = Notification.objects.filter(pk__in=[notice.pk for notice in notices])
    mailed.update(sent_at=timezone.now())
    return bool(lines)


def tell_of_unanswered(head: User) -> None:
    """Put the department's high flags that nobody answered into the head's inbox, once each."""
    theirs = looked_after_by(head) & unanswered() & Q(account__isnull=False)
    flags = Flag.objects.visible_to(head).open().filter(theirs).select_related("account")
    own = set(flags.worked_on_by(head).values_list("pk", flat=True))
    Notification.objects.bulk_create(
        [
            Notification(
                recipient=head,
                key=f"flag:{flag.pk}:unanswered",
                text=REASONS[flag.kind],
                params=flag.facts,
                link=f"/flags/{flag.pk}/",
                subject=f"flag:{flag.pk}",
            )
            for flag in flags
            if flag.pk not in own
        ],
        ignore_conflicts=True,
    )


def department(person: User) -> list[tuple[str, str]]:
    """For a head the totals and changes of the department since the last working day, where
    there are any."""
    run = Run.objects.newest()
    if run is None or not person.has_perm(roles.DEPARTMENT_ACCOUNTS):
        return []
    flags = Flag.objects.filter(looked_after_by(person)).open()
    # The night of a day is told on the next.
    since = working_days_back(today(), 1)
    sums = flags.aggregate(
        open=Count("pk"),
        new=Count("pk", filter=Q(raised_on__gte=since)),
        money=Sum("money", filter=Q(raised_on__gte=since), default=0),
    )
    standings = Standing.objects.filter(department__in=person.headed_departments)
    changes = StandingChange.objects.filter(
        as_of__gte=since, field__in=WORDS, account__standing__in=standings
    )
    changed = changes.values("account").distinct().count()
    unit = Unit.for_total(run.facts["currency"], run.summary["total"])
    lines = []
    if sums["new"]:
        text = ngettext(
            "Your department: %(new)s new flag with %(money)s at stake; open in all: %(open)s.",
            "Your department: %(new)s new flags with %(money)s at stake; open in all: %(open)s.",
            sums["new"],
        )
        money = amount_of(sums["money"], unit)
        lines.append((text % (sums | {"money": money}), "/flags/"))
    if changed:
        text = ngettext(
            "%(n)s account of your department changed its segment, class, band or trend.",
            "%(n)s accounts of your department changed their segment, class, band or trend.",
            changed,
        )
        lines.append((text % {"n": changed}, "/"))
    return lines


def news_for(person: User) -> list[Notification]:
    """Unread and not yet mailed, the most severe first; what they lost sight of is left out."""
    told = Notification.objects.visible_to(person).unread().select_related("recipient")
    waiting = told.filter(
        channel=Notification.Channel.DIGEST,
        sent_at=None,
        created_at__gte=timezone.now() - NEWS,
    )
    notices = list(waiting.order_by("-pk"))
    mark_readable(notices, person)
    severities = dict(Flag.objects.filter(pk__in=flags_of(notices)).values_list("pk", "severity"))
    return sorted(
        (notice for notice in notices if notice.is_readable),
        key=lambda notice: -severities.get(flag_of(notice), 0),
    )


def flag_of(notice: Notification) -> int | None:
    kind, pk = notice.tells_of
    return pk if kind == "flag" else None


def flags_of(notices: Iterable[Notification]) -> set[int]:
    return {flag_of(notice) for notice in notices} - {None}


def mail(person: User, day: date, lines: list[tuple[str, str]]) -> None:
    """Send the lines, each a text and an address of ours. Raises OSError where mail fails."""
    subject = ngettext(
        "KAM CRM: %(n)s thing this morning", "KAM CRM: %(n)s things this morning", len(lines)
    )
    context = {
        "person": person,
        "lines": lines[:LINES],
        "more": len(lines) - LINES if len(lines) > LINES else 0,
        "site": settings.SITE_URL,
        "language": translation.get_language(),
    }
    message = EmailMultiAlternatives(
        subject % {"n": len(lines)},
        render_to_string("mail/digest.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<digest-{person.pk}-{day}@{urlsplit(settings.SITE_URL).hostname}>"
        },
    )
    message.attach_alternative(render_to_string("mail/digest.html", context), "text/html")
    message.send()
