from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "marfa.demo"
    label = "demo"
