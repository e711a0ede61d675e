"""What a person may do with one account: what stands on no page for those who may not."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import Account


@dataclass(frozen=True)
class Acts:
    """`change` its record, parent and team; `lead`: decide on owner, department and segment."""

    change: bool
    lead: bool


def acts_of(account, user):
    lead = Account.objects.led_by(user).filter(pk=account.pk).exists()
    change = lead or Account.objects.changed_by(user).filter(pk=account.pk).exists()
    return Acts(change, lead)


def visible(request, pk):
    """The account and what the reader may do with it; 404 where it is out of their sight."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    return account, acts_of(account, request.user)


def allow(may):
    """Raises PermissionDenied where the reader may not."""
    if not may:
        raise PermissionDenied
