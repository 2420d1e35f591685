"""What identifies a person, sealed by a key of that person; who destroys the key has erased it.

Import from the modules: ``fields`` for models, ``opening`` for reading, ``erasing`` to erase.
"""
