"""Long texts of transcripts, cut to what is kept: the beginning says what it is, the end has the summary."""


def cut(text: str, most: int) -> str:
    """Return a text's head and tail, `most` characters at most."""
    if len(text) <= most:
        return text
    half = most // 2 - 2
    return f"{text[:half]}\n…\n{text[-half:]}"
