"""Who may come in: users and one-time sign-in links."""
