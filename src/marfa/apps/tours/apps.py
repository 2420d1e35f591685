from django.apps import AppConfig


class ToursConfig(AppConfig):
    name = "marfa.apps.tours"
    label = "tours"
