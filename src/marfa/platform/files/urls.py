from django.urls import path

from marfa.platform.files import views

app_name = "files"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<str:reference>/", views.upload, name="upload"),
    path("uploads/<str:reference>/finish/", views.finish, name="finish"),
    path("<str:reference>/", views.download, name="download"),
    path("<str:reference>/preview/", views.preview, name="preview"),
]
