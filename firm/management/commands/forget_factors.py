from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from firm.actions import forget_factors
from firm.models import User


class Command(BaseCommand):
    help = "Takes away the second factors of somebody who lost them; prints how many there were."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="E-MAIL", help=_("whose factors are forgotten"))

    def handle(self, *, email, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("Nobody here has the e-mail %(email)s.") % {"email": email})
        self.stdout.write(str(forget_factors(user)))
