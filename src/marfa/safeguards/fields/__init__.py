"""What is stored at all: every field of every table, declared, or nothing starts."""
