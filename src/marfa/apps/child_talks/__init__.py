"""Talks with a child: by who is trained, apart, in the child's words; and below an age no list."""
