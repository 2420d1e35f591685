from django.urls import path

from marfa.apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/<str:secret>/", views.use_link, name="link"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.language, name="language"),
]
