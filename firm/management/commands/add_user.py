import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from firm.models import Department, DepartmentMembership, Role, RoleMembership, User
from firm.roles import ROLES


class Command(BaseCommand):
    help = "Add a user with roles; print the first password once, alone on its line."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", choices=ROLES, required=True, dest="roles")
        parser.add_argument("--department", help="the department's code; it is made if unknown")
        parser.add_argument("--staff-ref", help="the person's reference in other systems")

    def handle(self, *, email, name, roles, department, staff_ref, **options):
        password = secrets.token_urlsafe(12)
        try:
            with transaction.atomic():
                user = User.objects.create_user(
                    email, password, name=name, staff_ref=staff_ref or None
                )
                for code in roles:
                    RoleMembership.objects.create(user=user, role=Role.objects.get(code=code))
                if department:
                    place, _created = Department.objects.get_or_create(
                        code=department, defaults={"name": department}
                    )
                    DepartmentMembership.objects.create(user=user, department=place)
        except IntegrityError as error:
            raise CommandError("Another user has this e-mail or staff reference.") from error
        self.stdout.write(password)
