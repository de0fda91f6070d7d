"""From a message to the lines that a reader sees, with the structure that its client marked."""
