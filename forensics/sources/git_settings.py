"""How git is called here: no hook, filter, pager, signature check or network that a repository's configuration could start."""

from forensics.errors import NothingToExamine
from forensics.model.prose import quote

QUIET = (
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.pager=cat",
    "core.quotePath=false",
    "gc.auto=0",
    "i18n.logOutputEncoding=UTF-8",
    "log.mailmap=false",
    "log.showSignature=false",
    "protocol.allow=never",
)
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": "/dev/null",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class GitError(NothingToExamine):
    """git could not answer; `said` is its first error message."""

    def __init__(self, said: str) -> None:
        super().__init__(f"git cannot read this repository: {quote(said)}.", try_="Try git fsck.")
        self.said = said


class GitLimit(NothingToExamine):
    """Git would wait for ever, took too long or said too much. Not a GitError: the next call would do the same."""


def said_by(errors: str) -> str:
    """Return git's first error message, out of what it wrote to its standard error."""
    lines = errors.strip().splitlines()
    return next((line for line in lines if "fatal" in line or "error" in line), lines[-1] if lines else "").strip()
