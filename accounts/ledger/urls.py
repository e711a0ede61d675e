from django.urls import path

from accounts.ledger import undoing

app_name = "ledger"
urlpatterns = [
    path("<int:pk>/undo/", undoing.undo_import, name="undo_import"),
]
