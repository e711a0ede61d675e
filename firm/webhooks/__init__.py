"""Tells integrations what happened: signed, tried again, and to checked addresses only."""
