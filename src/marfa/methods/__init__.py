"""The science as plain Python libraries: no database, no Django, no network."""
