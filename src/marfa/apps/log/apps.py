from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "marfa.apps.log"
    label = "log"
