"""What a token may be for: each scope with the words that an administrator reads."""

from django.utils.translation import gettext_lazy as _

READ = "read"
ACCOUNTS_WRITE = "accounts:write"
LEDGER_WRITE = "ledger:write"
FLAGS_WRITE = "flags:write"
WEBHOOKS_WRITE = "webhooks:write"

# A scope narrows what the roles of the token's user allow; it never widens it.
SCOPES = {
    READ: _("Read what its person sees."),
    ACCOUNTS_WRITE: _("Create and change accounts."),
    LEDGER_WRITE: _("Send ledgers in, and undo what was sent."),
    FLAGS_WRITE: _("Acknowledge flags."),
    WEBHOOKS_WRITE: _("Say where webhooks are sent."),
}
