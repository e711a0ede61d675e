"""What people do with what the numbers say: answer flags, judge accounts."""
