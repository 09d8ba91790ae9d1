"""Tables of numbers; the only importer of pandas."""
