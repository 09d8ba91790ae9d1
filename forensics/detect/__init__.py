"""Finding detectors and running them; the rules themselves live in `forensics.detectors`."""
