"""Pure parsers: text to records, one format a module, nothing read or written."""
