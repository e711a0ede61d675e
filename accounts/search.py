"""Accounts for the search everywhere."""

from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import Case, F, When
from django.urls import reverse

from accounts.models import Account
from accounts.models.account import SEARCHED, TRIGRAM
from firm.search import Hit

# So many are taken from the index, whichever come first, and the best of them are shown.
CANDIDATES = 100


def matching(text, user, limit):
    """The accounts that `user` most likely means: those of which a word begins with `text`
    first, then the larger ones; where nothing holds `text`, what is written nearly like it."""
    visible = Account.objects.visible_to(user)
    begins = Case(
        When(name__istartswith=text, then=0),
        When(searched__contains=f" {text.lower()}", then=1),
        default=2,
    )
    found = best(visible.matching(text), begins)[:limit]
    if not found and len(text) >= TRIGRAM:
        found = best(visible.resembling(text), TrigramWordDistance(text, SEARCHED))[:limit]
    return [hit(account) for account in found]


def best(accounts, first):
    taken = accounts.order_by().values("pk")[:CANDIDATES]
    found = Account.objects.filter(pk__in=taken).select_related("standing")
    rank = F("standing__rank").asc(nulls_last=True)
    return found.alias(searched=SEARCHED).order_by(first, rank, "name")


def hit(account):
    standing = getattr(account, "standing", None)
    return Hit(
        account.name,
        reverse("accounts:card", args=[account.pk]),
        "building-factory-2",
        note=account.account_ref,
        mark=(standing.segment, standing.get_segment_display()) if standing else ("", ""),
    )
