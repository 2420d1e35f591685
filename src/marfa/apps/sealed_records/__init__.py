"""Pages of what is sealed: one's passphrase, sealed notes, requests, and who opened what."""
