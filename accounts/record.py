"""Who changed what of an account's record, and when: told from what the database kept."""

from dataclasses import dataclass, field
from datetime import datetime

from django.apps import apps
from django.utils.translation import gettext as _

from accounts.models import Account
from firm.models import User
from firm.templatetags.figures import NONE, full_day

SHOWN = 30


@dataclass
class Change:
    """One change: when, by whom, and what in sentences. `by` is empty for no person."""

    at: datetime
    order: tuple[int, int]
    context: dict
    what: list[str] = field(default_factory=list)
    by: str = ""

    @property
    def is_imported(self):
        return "ledger_import" in self.context


def record_of(account, user):
    """The newest changes of the account's facts, owners, team and place, the newest first."""
    changes = [
        *facts(account),
        *dated("accounts.OwnershipEvent", account, tell_owner, "owner"),
        *dated("accounts.TeamMemberEvent", account, tell_member, "user"),
        *dated("accounts.ParentageEvent", account, parent_teller(account, user), "parent"),
    ]
    newest = sorted(changes, key=lambda change: (change.at, change.order), reverse=True)[:SHOWN]
    name_people(newest)
    return newest


def name_people(changes):
    """Fill in `by` from the person whom the database noted with the change."""
    known = {change.context.get("user") for change in changes}
    names = dict(User.objects.filter(pk__in=known - {None}).values_list("pk", "name"))
    for change in changes:
        change.by = names.get(change.context.get("user"), "")


def kept(label, **subject):
    """The newest events of a subject, one more than is shown."""
    events = apps.get_model(label).objects.filter(**subject).select_related("pgh_context")
    return events.order_by("-pgh_id")[: SHOWN + 1]


def change_of(event, what, after=0):
    """`after` puts what came of one transaction in an order that can be read."""
    context = event.pgh_context.metadata if event.pgh_context else {}
    return Change(event.pgh_created_at, (after, event.pgh_id), context, what)


def facts(account):
    """Changes of the account's own columns, each against the event before it."""
    events = list(kept("accounts.AccountEvent", pgh_obj=account.pk))
    for event, before in zip(events, [*events[1:], None], strict=True):
        if event.pgh_label == "insert":
            yield change_of(event, [_("Account created.")])
        elif before and (what := differences(before, event)):
            yield change_of(event, what)


def differences(before, after):
    """A sentence for each column that differs."""
    told = []
    for column in Account._meta.concrete_fields:
        if column.primary_key or not column.editable:
            continue
        was, now = shown(before, column), shown(after, column)
        if was != now:
            names = {"field": column.verbose_name, "before": was, "after": now}
            told.append(_("%(field)s: %(before)s → %(after)s") % names)
    return told


def shown(event, column):
    value = getattr(event, column.attname)
    return str(dict(column.flatchoices).get(value, NONE if value in (None, "") else value))


def dated(label, account, tell, related):
    """Changes of facts that hold for a stretch of days."""
    for event in kept(label, account=account.pk).select_related("pgh_context", related):
        yield change_of(event, [tell(event), *ends(event)], after=1)


def ends(event):
    """How the stretch of days came to be what it is."""
    if event.pgh_label == "delete":
        return [_("Taken back.")]
    if event.valid.upper:
        return [_("Until %(day)s, that day left out.") % {"day": full_day(event.valid.upper)}]
    if event.valid.lower:
        return [_("Since %(day)s.") % {"day": full_day(event.valid.lower)}]
    return []


def tell_owner(event):
    return _("Owner %(name)s.") % {"name": event.owner.name}


def tell_member(event):
    told = {"name": event.user.name, "part": event.get_part_display()}
    return _("On the team: %(name)s, %(part)s.") % told


def parent_teller(account, user):
    """Names the account above to those who see it or work on this one."""
    works_here = Account.objects.worked_on_by(user).filter(pk=account.pk).exists()
    above = apps.get_model("accounts.ParentageEvent").objects.filter(account=account.pk)
    seen = Account.objects.visible_to(user).filter(pk__in=above.values("parent"))
    openable = set(seen.values_list("pk", flat=True))

    def tell(event):
        if works_here or event.parent_id in openable:
            return _("Below %(name)s.") % {"name": event.parent.name}
        return _("Below another account.")

    return tell
