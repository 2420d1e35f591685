"""Recovery plans: how a child finds a way back into a life of their own, by need alone."""
