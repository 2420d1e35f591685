from django.apps import AppConfig


class ProceedingsConfig(AppConfig):
    name = "marfa.apps.proceedings"
    label = "proceedings"
