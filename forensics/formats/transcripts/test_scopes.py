"""Which folders a test command builds and tests, where the command itself says it: Go's packages."""

from forensics.formats.transcripts.shell import simple_commands


def packages_of(command: str) -> tuple[str, ...] | None:
    """Return the folders of the packages that Go is told to test, `…/...` for those below one, too; None if it is not told.

    Tests of other languages are named by file, and what they use of the rest is not known.
    """
    calls = [words for words in simple_commands(command) if words[:2] == ("go", "test")]
    named = [word.removeprefix("./") for words in calls for word in words[2:] if word.startswith("./")]
    return tuple(folder.rstrip("/") for folder in named) if calls and named else None


def is_in_packages(path: str, packages: tuple[str, ...]) -> bool:
    """Return whether a file belongs to one of the packages; `path` and folders are seen from the command's folder."""
    folder = path.rpartition("/")[0]
    return any(
        f"{folder}/".startswith(f"{package.removesuffix('...').rstrip('/')}/".lstrip("/"))
        if package.endswith("...")
        else folder == package
        for package in packages
    )
