"""The numbers of the method: what they are, who changed them, what a change would do."""
