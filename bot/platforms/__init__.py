"""One file or folder per chat platform, found by its place; platforms do not know each other."""
