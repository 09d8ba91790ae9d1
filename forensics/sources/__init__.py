"""All reading of the world; git_process.py is the only one that runs git."""
