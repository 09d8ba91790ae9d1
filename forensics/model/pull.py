"""Pull requests, as git alone shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pull:
    """One pull request.

    `head` is its tip (None: not in this clone), `landing` the commit that brought it onto the branch (None: not
    landed), `commits` what it brought, oldest first: what its head reaches and the branch before the landing did not.
    `title` and `bullets` (the subjects a squash lists) are the landing's words, `step` the step or ticket it is for, and
    `also` the further ones that its title names: it brings their work in the open.
    """

    number: int
    head: str | None
    landing: str | None
    squashed: bool
    title: str
    branch: str | None
    commits: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    step: str | None = None
    also: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """Return every step it is for."""
        return (self.step, *self.also) if self.step else ()

    @property
    def name(self) -> str:
        """Return how people call it."""
        return f"#{self.number}"
