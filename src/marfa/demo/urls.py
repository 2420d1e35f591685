from django.urls import path

from marfa.demo import views

app_name = "demo"
urlpatterns = [path("enter/", views.enter_as, name="enter")]
