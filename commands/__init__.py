"""commands decide: what a person may ask for, on any platform, one file per command."""
