"""All reading of the world; git_process.py is the only importer of GitPython."""
