"""Records of clients and of what they bought."""

from accounts.models.account import Account, AccountOwnedQuerySet, AccountQuerySet
from accounts.models.assignment import AssignmentRule
from accounts.models.dated import Ownership, Parentage, Placement, TeamMember
from accounts.models.feeds import ControlTotal, Feed, FeedAlert, ImportFigures
from accounts.models.imports import LedgerImport, LeftLine, RejectedRow, Source
from accounts.models.ledger import ExchangeRate, LedgerEntry, ProductLine
from accounts.models.sending import SendingKey

__all__ = [
    "Account",
    "AccountOwnedQuerySet",
    "AccountQuerySet",
    "AssignmentRule",
    "ControlTotal",
    "ExchangeRate",
    "Feed",
    "FeedAlert",
    "ImportFigures",
    "LedgerEntry",
    "LedgerImport",
    "LeftLine",
    "Ownership",
    "Parentage",
    "Placement",
    "ProductLine",
    "RejectedRow",
    "SendingKey",
    "Source",
    "TeamMember",
]
