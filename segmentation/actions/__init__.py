"""What people judge of accounts."""
