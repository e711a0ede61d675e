from django.urls import path

from firm import profile, views

app_name = "firm"
urlpatterns = [
    path("settings/", profile.own_settings, name="settings"),
    path("settings/sessions/end/", profile.sessions_end, name="sessions_end"),
    path("settings/sessions/<int:pk>/end/", profile.session_end, name="session_end"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("inbox/<int:pk>/open/", views.notice_open, name="notice_open"),
]
