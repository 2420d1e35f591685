from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    name = "marfa.apps.consents"
    label = "consents"
