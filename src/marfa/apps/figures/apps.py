from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "marfa.apps.figures"
    label = "figures"
