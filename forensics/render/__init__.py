"""Postmortem to text; views only, and the only importer of Jinja2."""
