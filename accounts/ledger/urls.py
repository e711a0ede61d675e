from django.urls import path

from accounts.ledger import rates, rules, unassigned, unconverted, undoing

app_name = "ledger"
urlpatterns = [
    path("unassigned/", unassigned.unassigned, name="unassigned"),
    path("unassigned/assign/", unassigned.assign, name="assign"),
    path("unassigned/undo/", unassigned.undo, name="assignment_undo"),
    path("unassigned/accounts/", unassigned.accounts_found, name="accounts_found"),
    path("unassigned/rules/", rules.rules, name="rules"),
    path("unassigned/rules/<int:pk>/", rules.rule, name="rule"),
    path("unassigned/rules/<int:pk>/remove/", rules.rule_remove, name="rule_remove"),
    path("unconverted/", unconverted.unconverted, name="unconverted"),
    path("rates/", rates.rates, name="rates"),
    path("rates/<int:pk>/", rates.rate, name="rate"),
    path("<int:pk>/undo/", undoing.undo_import, name="undo_import"),
]
