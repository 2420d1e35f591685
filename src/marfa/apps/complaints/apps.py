from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "marfa.apps.complaints"
    label = "complaints"
