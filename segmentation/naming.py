"""What a reader may call a group. Whether by its name is one rule: `GroupStanding.known_to`."""

from django.utils.translation import gettext as _

from accounts.models import Account
from segmentation.models import GroupStanding, StandingHistory


def names_of(groups, user):
    """By key of each group standing: the name that `user` may read, and the account it opens.

    A group goes by its root, and opens it where `user` sees it; else the largest account of it
    that they see. Who may not know the name reads that account's; none where they see none.
    """
    roots = {group.group_id for group in groups}
    opens = set(Account.objects.visible_to(user).filter(pk__in=roots).values_list("pk", flat=True))
    known = {group.pk for group in groups}
    largest: dict[int, Account] = {}
    if opens != roots:
        stored = GroupStanding.objects.filter(pk__in=known)
        known = set(stored.known_to(user).values_list("pk", flat=True))
        for member in members_of(groups, roots - opens).visible_to(user):
            largest.setdefault(member.group_id, member.account)
    names = {}
    for group in groups:
        root = group.group_id
        account = largest.get(root)
        opened = root if root in opens else account and account.pk
        around = group_around(account) if account else ""
        names[group.pk] = (group.group.name if group.pk in known else around, opened)
    return names


def members_of(groups, roots):
    days = {group.as_of for group in groups}
    rows = StandingHistory.objects.filter(as_of__in=days, group__in=roots)
    return rows.select_related("account").order_by("rank")


def group_around(account):
    """What a group is called by those who may know no more of it than `account`."""
    return _("Group of %(account)s") % {"account": account.name}
