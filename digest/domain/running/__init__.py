"""What the service notes of its own running and belongs to no group: alarms, signs of life, how far it has read."""
