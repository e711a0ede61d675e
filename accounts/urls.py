from django.urls import path

from accounts import editing, placing, views

app_name = "accounts"
urlpatterns = [
    path("", views.account_list, name="list"),
    path("export.csv", views.export_csv, name="export_csv"),
    path("export.xlsx", views.export_xlsx, name="export_xlsx"),
    path("<int:pk>/", views.account_card, name="card"),
    path("new/", editing.account_new, name="new"),
    path("<int:pk>/edit/", editing.account_edit, name="edit"),
    path("<int:pk>/owner/", placing.owner, name="owner"),
    path("<int:pk>/parent/", placing.parent, name="parent"),
    path("<int:pk>/team/", placing.team, name="team"),
    path("<int:pk>/team/leave/", placing.leave, name="team_leave"),
    path("<int:pk>/undo/", placing.undo, name="undo"),
    path("<int:pk>/lines/", views.account_lines, name="lines"),
    path("<int:pk>/lines.csv", views.account_lines_file, name="lines_file"),
    path("<int:pk>/lines/newest/", views.account_newest_lines, name="newest_lines"),
    path("<int:pk>/record/", views.account_record, name="record"),
]
