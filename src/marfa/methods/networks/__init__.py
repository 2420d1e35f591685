"""What holds a group together, and whose removal would part it, without aiming at its victims.

``survey`` measures, ``separate`` searches; both take what ``read_any`` read. Who may be named in
an answer is decided by ``may_stand`` alone. ``docs/methods/networks.md`` gives the methods, their
sources and what their numbers cannot tell.
"""

from marfa.methods.networks.answers import NOTICE, Separation, Survey, separate, survey
from marfa.methods.networks.conversion import (
    csv_text,
    format_of,
    leave_out_protected,
    read_any,
    written_files,
)
from marfa.methods.networks.network import Graph, Network, Tie, make_graph
from marfa.methods.networks.rankings import SCORES, attack_curve
from marfa.methods.networks.search import BestSets, find_best_sets
from marfa.methods.networks.standing import KINDS, STANDINGS, Node, may_stand
from marfa.methods.networks.ties_file import read_network

__all__ = [
    "KINDS",
    "NOTICE",
    "SCORES",
    "STANDINGS",
    "BestSets",
    "Graph",
    "Network",
    "Node",
    "Separation",
    "Survey",
    "Tie",
    "attack_curve",
    "csv_text",
    "find_best_sets",
    "format_of",
    "leave_out_protected",
    "make_graph",
    "may_stand",
    "read_any",
    "read_network",
    "separate",
    "survey",
    "written_files",
]
