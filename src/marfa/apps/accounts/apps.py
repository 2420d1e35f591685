from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "marfa.apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Passwords and seeds are sealed anew when the instance key is rotated."""
        from marfa.apps.accounts.factor_secrets import reseal
        from marfa.apps.accounts.models import Authenticator, Password
        from marfa.platform.keys.holders import by_header, register

        def password(row: Password, version: int) -> dict[str, object]:
            return reseal("accounts_password", "digest", row.pk, bytes(row.digest), version)

        def seed(row: Authenticator, version: int) -> dict[str, object]:
            return reseal("accounts_authenticator", "seed", row.pk, bytes(row.seed), version)

        register(by_header("accounts.passwords", Password, "digest", password))
        register(by_header("accounts.authenticators", Authenticator, "seed", seed))
