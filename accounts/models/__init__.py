"""Records of clients and of what they bought."""

from accounts.models.account import Account, AccountOwnedQuerySet, AccountQuerySet
from accounts.models.dated import Ownership, Parentage, Placement, TeamMember
from accounts.models.feeds import ControlTotal, Feed, FeedAlert, ImportFigures
from accounts.models.imports import LedgerImport, RejectedRow, Source
from accounts.models.ledger import ExchangeRate, LedgerEntry, ProductLine

__all__ = [
    "Account",
    "AccountOwnedQuerySet",
    "AccountQuerySet",
    "ControlTotal",
    "ExchangeRate",
    "Feed",
    "FeedAlert",
    "ImportFigures",
    "LedgerEntry",
    "LedgerImport",
    "Ownership",
    "Parentage",
    "Placement",
    "ProductLine",
    "RejectedRow",
    "Source",
    "TeamMember",
]
