"""Leaflets, cards and posters for everyone: in which words, how many copies, how many contacts.

They are given to everyone, never only to some. A batch of at least 200 copies carries one code, so
contacts are counted and no sheet stands for a person.
"""
