"""The doors of every view, and what must not come through them."""

from collections.abc import Callable, Mapping

VIEWS: Mapping[str, Callable[[bytes], object]] = {}
SEEDS = (
    "@name, @org/team and me@e.example; fixes #12, GH-12, org/repo#12, !12",
    "=1+1;\t@x",
    "::error::x\n##[group]y",
    "x\u202e\ufe0f\u200b",
)
