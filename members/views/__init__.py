"""What members open about themselves."""
