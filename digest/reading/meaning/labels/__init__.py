"""How people name the parts of an entry: by words, headings, signs and numbers."""
