"""Early screening: a talk under safe conditions, what it found, and the way to protection."""
