"""How sound work is recovered: what to keep, what to pick, what is lost, where to resume."""
