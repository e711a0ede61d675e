"""What somebody may do: the permissions of the roles held today."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission

from firm.models import RoleMembership
from firm.today import today


class RoleBackend(AuthenticationBackend):
    def _get_user_permissions(self, user_obj):
        return Permission.objects.none()

    def _get_group_permissions(self, user_obj):
        held = RoleMembership.objects.in_force(today()).filter(user=user_obj)
        return Permission.objects.filter(group__role__memberships__in=held).distinct()
