from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "marfa.apps.referrals"
    label = "referrals"
