"""The page on which people are found."""
