"""A small operation on which the rights of people are tried: who arrives, what is said of them."""
