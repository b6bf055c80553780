"""Why it cannot start, each with the fix, in one line."""


class SettingsError(Exception):
    """A setting that cannot be used; the text names the key and the fix."""


class StartError(Exception):
    """Something on this machine stands in the way."""
