from django.apps import AppConfig


class HarbourConfig(AppConfig):
    name = "tests.support.harbour"
    label = "harbour"
