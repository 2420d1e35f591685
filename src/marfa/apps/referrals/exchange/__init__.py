"""Cases as a file of the Human Trafficking Case Data Standard 2.0 (HTCDS), out and in."""
