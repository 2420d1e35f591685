"""The shell: Django settings, urls, base templates, styles."""
