"""How words are compared and found, whatever they are for: spelling, phrases, sentences, languages."""
