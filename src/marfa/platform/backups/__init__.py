"""Backups: one sealed file with the database and the files, without keys and the erased list."""
