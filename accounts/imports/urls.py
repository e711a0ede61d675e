from django.urls import path

from accounts.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("upload/", views.upload, name="upload"),
    path("<int:pk>/", views.import_page, name="import"),
    path("<int:pk>/reading/", views.reading, name="reading"),
    path("<int:pk>/start/", views.start_import, name="start"),
    path("<int:pk>/take/", views.take_others, name="take"),
    path("<int:pk>/progress/", views.import_progress, name="progress"),
    path("<int:pk>/rejected/", views.rejected, name="rejected"),
    path("<int:pk>/rejected.csv", views.rejected_file, name="rejected_file"),
    path("<int:pk>/discard/", views.discard_import, name="discard"),
]
