"""Guided tours: the work of a desk in a few steps, each of them done for real.

models      how far somebody is in the tour of a desk
queries     which tours there are for whom, and the steps that are left
actions     begin, skip a step, leave, and remember what was done
panel       what a page shows of a tour
middleware  looks whether a page shows one
"""
