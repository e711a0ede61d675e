"""Creating an account and changing what stands on its record."""

from django.db import transaction

from accounts.models import Account
from firm import roles
from firm.models import DepartmentMembership
from firm.today import today
from firm.versions import lock


@transaction.atomic
def create(values, *, by):
    """A new account. It becomes the creator's own; one whom a leader creates waits for its owner
    in the leader's department."""
    account = Account.objects.create(**values)
    works = DepartmentMembership.objects.in_force(today()).filter(user=by).first()
    if not leads(by):
        account.ownerships.create(owner=by)
    elif works:
        account.placements.create(department=works.department)
    return account


def leads(user):
    return user.has_perm(roles.LEAD_EVERY_ACCOUNT) or user.has_perm(roles.LEAD_DEPARTMENT)


@transaction.atomic
def edit(account, values, *, version, by):
    """Give the account `values`; raises Outdated where it is not at `version` any more."""
    lock(account, version)
    for name, value in values.items():
        setattr(account, name, value)
    account.save(update_fields=list(values))
    return account
