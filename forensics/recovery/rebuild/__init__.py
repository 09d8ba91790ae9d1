"""Lost commits, rebuilt from what transcripts show of files: trees, states, bases, commits."""
