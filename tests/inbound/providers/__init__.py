"""What is particular to one provider, one file each; what all doors share is in test_every_door."""
