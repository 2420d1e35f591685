"""Gaussian noise on whole numbers, from OpenDP's sampler, and how near it is to the exact one.

Floating point gives away what it hides (Mironov, CCS 2012), so every answer is a whole number of
units, UNIT of them to one person, and the noise is the discrete Gaussian (Canonne, Kamath and
Steinke, NeurIPS 2020), drawn by OpenDP from the random source of the operating system.

**Why the accounting of continuous noise holds.** Continuous Gaussian noise on a whole number,
rounded to whole numbers, is the Gaussian mechanism with something done to its answer: it promises
exactly what ``accounting`` says. Its probabilities differ from the discrete Gaussian's by a factor
E cosh(i u / s^2) exp(-u^2 / 2 s^2), u uniform on [-1/2, 1/2], which lies between 1 - 1/(24 s^2) and
cosh(i / 2 s^2). With E exp(t X) <= exp(t^2 s^2 / 2) for the discrete Gaussian (the same, lemma 8),
the total variation between the two is at most 1/(24 s^2) + exp(1/(8 s^2)) - 1 < 1 / (5 s^2) for
each answer. A release of c answers is then (epsilon, delta + (1 + exp(epsilon)) c / (5 s^2)).
``slack`` is that last term; it is taken off delta before the noise is set.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from marfa.domain.message import InputError, Message
from marfa.methods.disclosure.tables.arrays import Ints

UNIT = 1 << 40
"""Units to one person."""
MOST_RECORDS = 1 << 21
"""More would not fit into 64 bits in these units."""
MOST_ANSWERS = 1 << 20
FEWEST_UNITS = 1 << 33
"""The least standard deviation, in units; ``slack`` holds for it."""
NAME = "OpenDP"


class Noise(Protocol):
    """Where noise is from."""

    def draw(self, number: int, scale: float) -> Ints:
        """(number,) independent discrete Gaussians of standard deviation ``scale``."""


class SecureNoise:
    """OpenDP's discrete Gaussian; its bits are the operating system's.

    Raises InputError where the extra ``release`` is not installed.
    """

    def __init__(self) -> None:
        try:
            import opendp.prelude as opendp
        except ImportError as error:
            raise InputError.at(Message("methods.disclosure.private:needs-opendp")) from error
        opendp.enable_features("contrib")
        self._opendp = opendp

    def draw(self, number: int, scale: float) -> Ints:
        """(number,) independent discrete Gaussians of standard deviation ``scale``."""
        opendp = self._opendp
        domain = opendp.vector_domain(opendp.atom_domain(T="i64"))
        measure = opendp.m.make_gaussian(domain, opendp.l2_distance(T="i64"), scale=scale)
        drawn: Ints = np.array(measure([0] * number), dtype=np.int64)
        return drawn


def slack(epsilon: float, answers: int = MOST_ANSWERS, scale: float = FEWEST_UNITS) -> float:
    """How much delta grows because noise is drawn in whole units."""
    return (1 + math.exp(epsilon)) * answers / (5 * scale * scale)


def add_noise(noise: Noise, answers: Ints, *, moves: int, mu: float) -> Ints:
    """The answers with noise of size ``mu``, in units.

    answers: (cells,) whole numbers of units. moves: by how many units, as a Euclidean length, one
    record can move them; whoever calls has proved it.
    Raises ValueError for noise too fine for ``slack`` to hold.
    """
    scale = moves / mu
    if not scale >= FEWEST_UNITS:
        raise ValueError(f"noise of {scale} units is too fine")
    return answers + noise.draw(len(answers), scale)
