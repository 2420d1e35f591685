from django.urls import path

from marfa.apps.background import views

app_name = "background"
urlpatterns = [path("background/", views.work, name="work")]
