"""What the dialects share in reading reports: hashes and their roles, phases, files, counts and times."""
