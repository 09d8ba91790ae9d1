"""Whether steps kept to their own lines, branches and work trees."""
