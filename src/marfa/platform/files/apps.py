from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "marfa.platform.files"
    label = "files"

    def ready(self) -> None:
        """The keys of files are wrapped anew when the instance key is rotated."""
        from django.db.models import Q

        from marfa.platform.files.keys import rewrap_file_key
        from marfa.platform.files.models import StoredFile
        from marfa.platform.keys.holders import by_column, register_holder

        register_holder(
            by_column("files.keys", StoredFile, rewrap_file_key, where=Q(wrapped_key__isnull=False))
        )
