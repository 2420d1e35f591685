from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "marfa.apps.reception"
    label = "reception"
