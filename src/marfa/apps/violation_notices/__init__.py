"""Separate notifications of grave violations against a child: begun by a person, after help."""
