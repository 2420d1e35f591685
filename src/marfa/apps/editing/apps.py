from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "marfa.apps.editing"
    label = "editing"

    def ready(self) -> None:
        """Forms that wait for their person are sealed anew when the instance key is rotated."""
        from marfa.apps.editing.late import reseal
        from marfa.apps.editing.models import LateForm
        from marfa.platform.keys.holders import by_header, register

        register(by_header("editing.late_forms", LateForm, "sealed", reseal))
