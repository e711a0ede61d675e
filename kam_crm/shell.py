"""What stands round every page: the menu, the day of the figures, who is signed in."""

from dataclasses import dataclass

from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from firm import roles
from firm.models import Notification, Policy
from firm.templatetags.figures import Unit
from firm.today import today
from segmentation.days import shows_days
from segmentation.models import Run

BELL = 9


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `key` follows g on the keyboard; `permission` empty is for everybody."""

    label: str | Promise
    icon: str
    url_name: str
    key: str
    section: str | Promise = ""
    permission: str = ""

    @property
    def url(self):
        return reverse(self.url_name)


# An entry appears with the room that fills it.
MENU = [
    Entry(_("My day"), "sun", "start", "d"),
    Entry(_("Accounts"), "building-factory-2", "accounts:list", "a"),
    Entry(_("Dependence"), "chart-donut-3", "segmentation:dependence", "s", _("Steer")),
    Entry(_("Imports"), "file-import", "imports:list", "i", _("Data"), roles.FEED),
    Entry(_("Rules"), "adjustments", "segmentation:policy", "r", _("Data")),
]


class Shell:
    """Asks the database only for what a template prints."""

    brand = "KAM CRM"

    def __init__(self, request):
        self.request = request

    @cached_property
    def entries(self):
        user = self.request.user
        return [entry for entry in MENU if not entry.permission or user.has_perm(entry.permission)]

    @cached_property
    def current(self):
        """The address of the entry that this page belongs to: the longest that it begins with."""
        path = self.request.path
        begun = [entry.url for entry in self.entries if path.startswith(entry.url)]
        longest = max(begun, key=len, default="")
        # Everything begins with the start page's address.
        return longest if longest != "/" or path == "/" else ""

    @cached_property
    def unread(self):
        """How many notices wait in the inbox; counted no further than the bell shows."""
        if not self.request.user.is_authenticated:
            return 0
        unread = Notification.objects.visible_to(self.request.user).unread()
        return unread[: BELL + 1].count()

    @property
    def bell(self):
        return f"{BELL}+" if self.unread > BELL else str(self.unread or "")

    @cached_property
    def run(self):
        """The run on whose day every current figure stands; None before the first night."""
        light = Run.objects.only("as_of", "is_comparable", "policy__version")
        figures = light.annotate(total=KT("summary__total"), currency=KT("facts__currency"))
        return figures.with_failed().newest()

    @property
    def has_days(self):
        """Whether this page can show an older day, to somebody who may choose one."""
        return shows_days(self.request.resolver_match) and self.request.user.has_perm(
            roles.PORTFOLIO
        )

    @cached_property
    def unit(self):
        """What amounts are counted in on this page."""
        if self.run:
            return Unit.for_total(self.run.currency, self.run.total)
        return Unit(Policy.objects.in_force(today()).reporting_currency)


def shell(request):
    return {"shell": Shell(request)}
