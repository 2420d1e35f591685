from django.urls import path

from marfa.demo import views

app_name = "demo"
urlpatterns = [
    path("demonstration/enter/", views.enter_as, name="enter"),
    path("components/", views.components, name="components"),
]
