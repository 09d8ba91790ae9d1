"""The command line: arguments to use cases to exit codes. No logic."""

import gc
import os
import sys
from typing import NoReturn

from forensics.errors import ForensicsError


def main() -> NoReturn:
    """Run the command line and exit with its code; an error is one sentence on standard error, never a traceback."""
    from forensics.cli.commands import app

    gc.disable()  # a short process that keeps nearly all it makes
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except ForensicsError as error:
        _say(f"forensics: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # the last door: a user never sees a traceback unless asked for
        if os.environ.get("FORENSICS_DEBUG"):
            raise
        _say(
            f"forensics: internal failure, {type(error).__name__}: {error}. FORENSICS_DEBUG=1 shows where; please report it."
        )
        sys.exit(5)
    sys.exit(0)


def _say(text: str) -> None:
    from forensics.render.cleaning import clean_text

    sys.stderr.write(clean_text(text) + "\n")
