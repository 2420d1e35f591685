"""People who are registered, their households and what is known of them."""
