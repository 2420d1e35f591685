"""Tags of the pages of the log."""
