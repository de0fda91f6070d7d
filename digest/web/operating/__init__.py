"""Pages for whoever runs the service: how it is, its figures, what `digest check` finds."""
