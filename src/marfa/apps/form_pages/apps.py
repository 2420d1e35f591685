from django.apps import AppConfig


class FormPagesConfig(AppConfig):
    name = "marfa.apps.form_pages"
    label = "form_pages"

    def ready(self) -> None:
        """Forms that wait for their person are sealed anew when the instance key is rotated."""
        from marfa.apps.form_pages.late_forms import reseal
        from marfa.apps.form_pages.models import LateForm
        from marfa.platform.keys.holders import by_header, register

        register(by_header("form_pages.late_forms", LateForm, "sealed", reseal))
