"""Cells of CSV that no spreadsheet takes for a formula."""

import re

# At the beginning, and where a spreadsheet that separates by something else would begin a cell, with spaces
# between; a quote is such a beginning itself. Full-width signs count in Japanese and Chinese versions, and a minus sign is a hyphen to some. GitHub's runner carries out a line that begins with `::`.
_FORMULA = re.compile(r"""(^|[;,\t|\r\n"])( *+)(?='*(?:[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212]|::))""")


def csv_cell(value: object) -> object:
    """Return a value so that no spreadsheet takes text for a formula; None becomes an empty cell.

    An apostrophe before each such place says that text follows. To read the text back, take one apostrophe away where
    apostrophes stand before a sign; those that the text had itself have got one more.
    """
    if isinstance(value, str):
        return _FORMULA.sub(r"\1\2'", value)
    return "" if value is None else value
