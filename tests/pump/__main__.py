"""Print every pattern whose time grows faster than the text: `python -m tests.pump [PART OF A PLACE]`."""

import sys

from tests.pump.patterns import patterns
from tests.pump.search import slow

wanted = sys.argv[1] if len(sys.argv) > 1 else ""
found = [each for each in patterns() if any(wanted in place for place in each.places)]
bad = 0
for each in found:
    if attack := slow(each):
        bad += 1
        print(f"{min(each.places)}: {attack}\n    {each.pattern.pattern!r:.300}", flush=True)  # noqa: T201
print(f"{len(found)} patterns, {bad} above linear")  # noqa: T201
sys.exit(bool(bad))
