from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "marfa.platform.deadlines"
    label = "deadlines"
