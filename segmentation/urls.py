from django.urls import path

from segmentation import flag_pages, judging, panels, views
from segmentation.nights import views as nights
from segmentation.rules import views as rules

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("segments/pareto/", views.pareto_table, name="pareto"),
    path("segments/days/", views.days, name="days"),
    path("explain/accounts/<int:pk>/", views.explain_account, name="explain_account"),
    path("explain/<slug:figure>/", views.explain_figure, name="explain"),
    path("method/", views.method_page, name="method"),
    path("accounts/<int:pk>/prospects/", judging.rate, name="rate"),
    path("accounts/<int:pk>/prospects/undo/", judging.rate_undo, name="rate_undo"),
    path("accounts/<int:pk>/parent/preview/", judging.parent_preview, name="parent_preview"),
    path("accounts/<int:pk>/months/", panels.account_months, name="months"),
    path("accounts/<int:pk>/group/", panels.account_group, name="group"),
    path("accounts/<int:pk>/history/", panels.account_history, name="history"),
    path("policy/", rules.policy, name="policy"),
    path("policy/new/", rules.policy_new, name="policy_new"),
    path("policy/drafts/<int:pk>/", rules.policy_draft, name="policy_draft"),
    path("policy/drafts/<int:pk>/save/", rules.policy_save, name="policy_save"),
    path("nightly/", nights.nightly, name="nightly"),
    path("nightly/progress/", nights.progress, name="nightly_progress"),
    path("nightly/recompute/", nights.recompute_now, name="nightly_recompute"),
    path("nightly/<int:pk>/", nights.run, name="nightly_run"),
    path("flags/", flag_pages.flag_list, name="flags"),
    path("flags/acknowledge/", flag_pages.acknowledge_chosen, name="flags_acknowledge"),
    path("flags/wake/", flag_pages.flags_wake, name="flags_wake"),
    path("flags/<int:pk>/", flag_pages.flag, name="flag"),
    path("flags/<int:pk>/acknowledge/", flag_pages.flag_acknowledge, name="flag_acknowledge"),
    path("flags/<int:pk>/later/", flag_pages.flag_later, name="flag_later"),
    path("flags/<int:pk>/now/", flag_pages.flag_now, name="flag_now"),
    path("accounts/<int:pk>/flags/", flag_pages.account_flags, name="account_flags"),
]
