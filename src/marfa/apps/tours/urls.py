from django.urls import path

from marfa.apps.tours import views

app_name = "tours"
urlpatterns = [
    path("my/tours/", views.mine, name="mine"),
    path("my/tours/<str:desk>/", views.change, name="change"),
]
