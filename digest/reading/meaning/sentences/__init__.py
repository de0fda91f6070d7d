"""What a text shows by itself, whatever it answers: paragraphs, numbers, questions, and what a statement tells of."""
