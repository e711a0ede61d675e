"""The import desk: a file comes, is looked at, and a worker takes it in."""
