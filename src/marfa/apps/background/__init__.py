"""What runs behind the pages, as administrators see it."""
