"""Files of lists with names in them: asked for by one person, approved by another, made once."""
