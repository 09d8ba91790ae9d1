"""The command line turns arguments into calls of use cases, and their results into exit codes."""

import gc
import os
import sys
from typing import NoReturn

from forensics.errors import ForensicsError

_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")


def main() -> NoReturn:
    """Run the command line and exit with its code; an error is one sentence on standard error, never a traceback."""
    gc.disable()  # a short process that keeps most of what it allocates: collecting only costs time
    _forget_git(os.environ)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(_run())


def _run() -> int:
    try:
        from forensics.cli.commands import app

        code = app(standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except ForensicsError as error:
        return _say(str(error), error.exit_code)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _say(f"{error.strerror or error}: {error.filename or 'standard output'}", 5)
    except Exception as error:  # the outermost handler: no traceback without FORENSICS_DEBUG
        if type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(f"{error}\n")
            return 2
        if hasattr(error, "format_message"):  # Typer's own errors: invalid arguments
            return _say(f"{error.format_message()} Try forensics --help.", 2)
        if os.environ.get("FORENSICS_DEBUG"):
            raise
        what = f"Internal error ({type(error).__name__}: {error})."
        return _say(f"{what} Set FORENSICS_DEBUG=1 for a traceback, and please report it.", 5)


def _forget_git(environment: "os._Environ[str]") -> None:
    """Unset git's variables: inside a hook they would point at the hook's repository, not at the one the arguments name.

    A receiving hook's quarantine stays, so that `verify` sees the pushed objects before they are accepted.
    """
    receiving = "GIT_QUARANTINE_PATH" in environment
    for name in [name for name in environment if name.startswith("GIT_")]:
        if not (receiving and name in _QUARANTINE):
            del environment[name]
    environment["GIT_PYTHON_REFRESH"] = "quiet"


def _say(text: str, code: int) -> int:
    from forensics.render.cleaning import clean_text

    sys.stderr.write(clean_text(f"forensics: {text}") + "\n")
    return code
