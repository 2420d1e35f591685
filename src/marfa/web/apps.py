from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "marfa.web"
    label = "web"
