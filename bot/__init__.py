"""bot listens: platforms, settings, the command line and the composition root."""
