"""The log that shows when it was changed.

Without Django: ``event`` (what an entry says), ``encoding`` and ``chain`` (how it is hashed),
``merkle``, ``heads`` and ``verifying``. With it: ``models``, ``recording``, ``queries``.
"""
