from django.urls import path

from firm import profile, token_pages, views
from firm.webhooks import views as webhooks

app_name = "firm"
urlpatterns = [
    path("settings/", profile.own_settings, name="settings"),
    path("settings/sessions/end/", profile.sessions_end, name="sessions_end"),
    path("settings/sessions/<int:pk>/end/", profile.session_end, name="session_end"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("tokens/", token_pages.tokens, name="tokens"),
    path("tokens/<slug:digest>/revoke/", token_pages.token_revoke, name="token_revoke"),
    path("inbox/<int:pk>/open/", views.notice_open, name="notice_open"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new, name="webhook_new"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/edit/", webhooks.edit, name="webhook_edit"),
    path("webhooks/<int:pk>/test/", webhooks.send_test, name="webhook_test"),
    path("webhooks/<int:pk>/secret/", webhooks.rotate, name="webhook_rotate"),
    path("webhooks/<int:pk>/on/", webhooks.enable, name="webhook_enable"),
    path("webhooks/<int:pk>/off/", webhooks.switch_off, name="webhook_switch_off"),
    path("webhooks/<int:pk>/delete/", webhooks.delete, name="webhook_delete"),
    path("webhooks/<int:pk>/<int:number>/", webhooks.delivery, name="webhook_delivery"),
    path("webhooks/<int:pk>/<int:number>/again/", webhooks.send_again, name="webhook_again"),
]
