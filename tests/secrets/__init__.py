"""The corpus of generated secrets and of harmless texts."""
