"""Recipients of data, and the agreements with them."""
