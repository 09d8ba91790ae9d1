"""Runs the commands on hostile repositories; `make attack` prints promise, tried, failures, and exits with 1 if any failed.

    python -m hostile.attack [--only WORD] [--thorough] [--kills N] [--tool FORENSICS]

`--tool` measures another installation than this checkout's. Every repository is built by git in a folder of its own and examined by the real command line. The kills of
`tests/attack` are run as well.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hostile.examine import COMMANDS, FORENSICS, MORE_COMMANDS, PROMISES, Breach, examine
from hostile.repositories import ATTACKS
from hostile.world import build
from tests.attack.kills import kill_writers


def attacked(name: str, commands: Sequence[tuple[str, ...]], tool: Path = FORENSICS) -> list[tuple[str, Breach]]:
    """Build one hostile repository, run commands on it, and return the promises that were broken."""
    folder = Path(tempfile.mkdtemp(prefix="forensics-attack-"))
    try:
        world = build(folder / "w")
        ATTACKS[name](world)
        found: list[tuple[str, Breach]] = []
        for command in commands:
            found += [(name, breach) for breach in examine(world, command, tool)]
            if any(breach.promise == "ends" for _, breach in found):  # each would take as long
                break
        return found
    except subprocess.CalledProcessError as error:
        return [(name, Breach("answers", "build", f"the attack could not be built: {error.stderr!r}"))]
    except OSError as error:
        return [(name, Breach("answers", "build", f"the attack could not be built: {error}"))]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def table(tried: int, breaches: list[tuple[str, Breach]]) -> str:
    """Return a row per promise, and each breach below."""
    failed = Counter(breach.promise for _, breach in breaches)
    rows = [f"{'promise':<90} {'tried':>6} {'failures':>9}"]
    rows += [f"{text:<90} {tried:>6} {failed[promise]:>9}" for promise, text in PROMISES.items()]
    rows += [f"  {name} · {breach.command} · {PROMISES[breach.promise]}: {breach.what}" for name, breach in breaches]
    return "\n".join(rows)


def killed(kills: int) -> str:
    """Kill writers at random moments; return the row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        done = kill_writers(Path(folder), kills)
    return f"{'a kill while a file is written leaves the earlier or the later one whole':<90} {done.kills:>6} {done.lost + done.torn:>9}"


def main() -> int:
    """Read the options, attack, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--tool", type=Path, default=FORENSICS)
    parser.add_argument("--thorough", action="store_true")
    parser.add_argument("--kills", type=int, default=200)
    given = parser.parse_args()
    names = [name for name in ATTACKS if given.only in name]
    commands = (*COMMANDS, *MORE_COMMANDS) if given.thorough else COMMANDS
    breaches: list[tuple[str, Breach]] = []
    for name in names:
        found = attacked(name, commands, given.tool)
        print(f"{'ok' if not found else f'{len(found)} failures'}: {name}", flush=True)
        for _, breach in found:
            print(f"    {breach.command} · {breach.promise}: {breach.what}", flush=True)
        breaches += found
    print(table(len(names) * len(commands), breaches))
    last = killed(given.kills) if given.kills and not given.only else ""
    print(last)
    return 1 if breaches or (last and not last.endswith(" 0")) else 0


if __name__ == "__main__":
    sys.exit(main())
