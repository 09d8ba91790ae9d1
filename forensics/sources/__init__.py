"""All reading of the world; repository.py is the only importer of GitPython."""
