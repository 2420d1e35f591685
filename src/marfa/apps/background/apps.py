from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    name = "marfa.apps.background"
    label = "background"
