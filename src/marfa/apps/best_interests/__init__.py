"""Best interests of a child: who speaks for it, whose yes counts, and what was decided."""
