from django.urls import path

from marfa.apps.texts import views

app_name = "texts"
urlpatterns = [
    path("texts/", views.every, name="all"),
    path("texts/<slug:name>/<slug:language>/", views.one_set, name="set"),
    path("texts/<slug:name>/<slug:language>/sheet/", views.sheet, name="sheet"),
    path("texts/<slug:name>/<slug:language>/file/", views.give, name="file"),
    path("texts/<slug:name>/<slug:language>/text/<str:key>/", views.one_text, name="one"),
]
