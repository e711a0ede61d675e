"""Records of the firm itself."""

from firm.models.dated import DatedQuerySet, always, since
from firm.models.department import Department, DepartmentMembership
from firm.models.export import Export
from firm.models.outbox import Job, Notification
from firm.models.policy import Policy
from firm.models.token import ApiToken
from firm.models.user import Role, RoleMembership, User
from firm.models.webhook import TEST, Delivery, Topic, Webhook
from firm.models.workdays import MovedDay

__all__ = [
    "TEST",
    "ApiToken",
    "DatedQuerySet",
    "Delivery",
    "Department",
    "DepartmentMembership",
    "Export",
    "Job",
    "MovedDay",
    "Notification",
    "Policy",
    "Role",
    "RoleMembership",
    "Topic",
    "User",
    "Webhook",
    "always",
    "since",
]
