from django.urls import path

from marfa.apps.materials import views

app_name = "materials"
urlpatterns = [
    path("sheets/", views.batches, name="all"),
    path("sheets/print/", views.order, name="order"),
    path("sheets/offer/", views.offer, name="offer"),
    path("sheets/<str:reference>/", views.one, name="one"),
    path("sheets/<str:reference>/file/", views.file, name="file"),
]
