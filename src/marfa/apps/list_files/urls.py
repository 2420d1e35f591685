from django.urls import path

from marfa.apps.list_files import views

app_name = "list_files"
urlpatterns = [path("list-files/<str:reference>/", views.request_page, name="request")]
