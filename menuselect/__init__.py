"""What can be built, and what was chosen."""
