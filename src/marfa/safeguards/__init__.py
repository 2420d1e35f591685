"""What holds the charter's promises: who may (charter), what was done (audit), what is kept
secret (vault, sealed), and what is stored at all (fields)."""
