from django.apps import AppConfig


class SiteCardsConfig(AppConfig):
    name = "marfa.apps.site_cards"
    label = "site_cards"
