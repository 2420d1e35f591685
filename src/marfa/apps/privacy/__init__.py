"""What a person may ask of us: to see, to have deleted, and that nothing is kept for ever."""
