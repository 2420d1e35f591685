"""What somebody says to an investigation or a court, and what the law ties to that. It stands above
the cases, so that whoever gives help can know nothing of it (charter, rule 1)."""
