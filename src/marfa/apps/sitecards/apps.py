from django.apps import AppConfig


class SiteCardsConfig(AppConfig):
    name = "marfa.apps.sitecards"
    label = "sitecards"
