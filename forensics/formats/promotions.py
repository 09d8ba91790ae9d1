"""Merges that bring a development branch to the main one, by what their subjects say."""

import re

# Work lands on `dev`, and a release merges all of it: the line on which things landed is the development branch's.
_NAMES = r"(?:dev|devel|develop|development|staging|stage|next|integration|preview|canary|nightly)\b(?![/-])"
# As GitHub and git word a merge. Only merges say so: a squash of `dev` has a title of its own.
_PROMOTION = re.compile(
    rf"Merge (?:pull request #\d+ from [\w.-]+/|(?:remote-tracking )?branch ')(?:origin/)?{_NAMES}", re.IGNORECASE
)
# Local or a remote's, and to the name's end: `dev/r10` and `next-gen` are branches for one topic.
_REF = re.compile(rf"refs/(?:heads|remotes/[^/]+)/{_NAMES}$", re.IGNORECASE)


def is_promotion(subject: str) -> bool:
    """Return whether a merge's subject names a long-lived development branch as what it merged."""
    return bool(_PROMOTION.match(subject))


def is_development_ref(ref: str) -> bool:
    """Return whether a ref is a long-lived development branch, by its name."""
    return bool(_REF.match(ref))
