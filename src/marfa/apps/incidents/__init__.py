"""When data were lost, or seen by somebody who may not: what happened, and whom it affects."""
