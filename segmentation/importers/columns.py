"""The columns of a file of accounts that this room keeps."""

from django.utils.translation import gettext_lazy as _

from accounts.imports.targets import Column

JUDGEMENT_COLUMNS = (
    Column("prospects_kam", _("prospects, by the manager"), "whole"),
    Column("prospects_head", _("prospects, by the head"), "whole"),
    Column("prospects_on", _("prospects rated on"), "day"),
    Column("qualified_ground", _("ground of qualification")),
    Column("qualified_on", _("qualified on"), "day"),
    Column("qualified_until", _("qualified until"), "day"),
)
