from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "marfa.apps.accounts"
    label = "accounts"
