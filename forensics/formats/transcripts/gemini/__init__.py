"""Gemini CLI: sessions as one JSON document, and as JSON lines since 0.39."""
