"""What the nightly runs did, and one more on demand."""
