from django.urls import path

from segmentation import views

app_name = "segmentation"
urlpatterns = [
    path("segments/", views.dependence, name="dependence"),
    path("segments/pareto/", views.pareto_table, name="pareto"),
    path("explain/accounts/<int:pk>/", views.explain_account, name="explain_account"),
    path("explain/<slug:figure>/", views.explain_figure, name="explain"),
    path("method/", views.method_page, name="method"),
    path("accounts/<int:pk>/standing/", views.account_standing, name="standing"),
]
