from django.urls import path

from marfa.apps.site_cards import views

app_name = "sitecards"
urlpatterns = [
    path("sites/", views.cards, name="all"),
    path("sites/<str:reference>/card/", views.change, name="edit"),
]
