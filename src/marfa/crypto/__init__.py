"""Envelope primitives: keys that do not show themselves, sealing, wrapping, streams, padding.

Pure functions over ``cryptography``, and the only place that imports it. Which key seals what
is decided above. A wrong key, another place and a changed bit are one exception here,
NotAuthenticError.

Import from the modules: who needs only ``Key`` does not wait for the ciphers to load.
"""
