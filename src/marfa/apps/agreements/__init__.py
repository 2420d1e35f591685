"""Bodies that data go to, and what was agreed with them."""
