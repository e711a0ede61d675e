from django.urls import path

from firm import token_pages, views

app_name = "firm"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("tokens/", token_pages.tokens, name="tokens"),
    path("tokens/<slug:digest>/revoke/", token_pages.token_revoke, name="token_revoke"),
    path("inbox/<int:pk>/open/", views.notice_open, name="notice_open"),
]
