"""Secrets in foreign text: the shapes by which they are recognised, and their replacement. No other package of forensics is used."""
