from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import Account, LedgerEntry
from firm.today import day_that_ended
from kam_crm.demo.clients import FEWEST, MOST
from kam_crm.demo.load import load


class Command(BaseCommand):
    help = "Fill an empty database with an invented firm and print its logins."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", type=int, default=240, help="how many clients")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other clients")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the ledger's last day")

    def handle(self, *, accounts, seed, as_of, **options):
        as_of = as_of or day_that_ended()
        if trouble := refusal(accounts, as_of):
            raise CommandError(trouble)
        for role, email, password in load(accounts=accounts, seed=seed, as_of=as_of):
            self.stdout.write(f"{role:13}  {email:30}  {password}")


def refusal(accounts, as_of):
    """Why the demo cannot be loaded, or nothing."""
    if settings.PRODUCTION:
        return _("The demo's logins are known to everybody: it is not for production.")
    if Account.objects.exists() or LedgerEntry.objects.exists():
        return _("The database holds accounts already: the demo needs an empty one.")
    if not FEWEST <= accounts <= MOST:
        return _("The demo has from %(fewest)d to %(most)d accounts.") % {
            "fewest": FEWEST,
            "most": MOST,
        }
    if as_of > day_that_ended():
        return _("The day %(day)s has not ended yet.") % {"day": as_of.isoformat()}
    return ""
