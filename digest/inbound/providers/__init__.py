"""One file a provider: authenticates a request and takes the envelope and the raw message out of it.
Providers never know each other."""
