from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "marfa.apps.forms"
    label = "forms"
