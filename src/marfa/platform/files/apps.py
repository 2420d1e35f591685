from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "marfa.platform.files"
    label = "files"
