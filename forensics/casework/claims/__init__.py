"""What each claim is worth."""
