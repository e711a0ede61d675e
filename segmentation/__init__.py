"""What the numbers say: the nightly run, standings, flags and explanations."""
