"""The log that shows when it was changed."""
