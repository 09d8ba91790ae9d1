"""The errors a user can meet; each says what is wrong, where, and what to try."""


class ForensicsError(Exception):
    """Something the user can act on; `exit_code` is the process's answer."""

    exit_code = 5

    def __init__(self, what: str, *, try_: str = "") -> None:
        super().__init__(f"{what} {try_}".strip())
        self.what = what
        self.try_ = try_


class UsageError(ForensicsError):
    """Invalid arguments (exit code 2)."""

    exit_code = 2


class NothingToExamine(ForensicsError):  # noqa: N818  (reads as what it says)
    """The named plan, report or repository does not exist (exit code 3)."""

    exit_code = 3


class RuleError(ForensicsError):
    """A rule file, perhaps another package's, cannot be loaded (exit code 5)."""


class FormatError(ForensicsError):
    """A text is not what its format says; callers turn it into a Gap."""
