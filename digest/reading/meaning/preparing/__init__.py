"""What is done to newly written words before a rule looks at them: courtesies, wishes and rewritten links set aside."""
