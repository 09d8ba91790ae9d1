"""The facts of a run that the record keeps."""
