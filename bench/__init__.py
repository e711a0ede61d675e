"""Measures what must be fast, on data of its own, against the database's own speed."""
