from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RowSecurityConfig(AppConfig):
    name = "marfa.platform.rowsecurity"
    label = "rowsecurity"

    def ready(self) -> None:
        from marfa.platform.rowsecurity.statement_wrapper import watch_connection

        connection_created.connect(watch_connection, dispatch_uid="marfa.rowsecurity")
