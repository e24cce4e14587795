"""What members open about their news."""
