"""Pure parsers: text to records, one folder per dialect; nothing is read from disk or written."""
