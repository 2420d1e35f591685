"""Detention, whatever the place is called: a record, and an alarm that only a release ends."""
