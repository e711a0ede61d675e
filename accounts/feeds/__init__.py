"""Feeds: when a source delivers, what is odd about a file, and whether the months agree."""
