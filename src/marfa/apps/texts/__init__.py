"""The words that are put to people: who reviewed each of them, and until when that holds."""
