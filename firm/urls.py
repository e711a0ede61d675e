from django.urls import path

from firm import views

app_name = "firm"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.inbox_read, name="inbox_read"),
    path("inbox/<int:pk>/open/", views.notice_open, name="notice_open"),
]
