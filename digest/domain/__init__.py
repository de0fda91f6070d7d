"""The nouns of the product and their verbs. It never knows mail, web, templates or the scheduler."""
