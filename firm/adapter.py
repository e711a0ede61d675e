"""Sign-in as this product wants it."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Colleagues are invited by an administrator; nobody signs up alone."""
        return False
