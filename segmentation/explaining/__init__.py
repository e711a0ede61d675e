"""What each figure of an account is made of, one module a family of figures."""
