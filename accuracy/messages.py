"""`python -m accuracy.messages CLONES`: compare what the tool says of agents' final messages with the labels."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from accuracy.labels import LabelError
from accuracy.message_agreement import Agreement, SaidOfMessage, agreements, unlabelled
from accuracy.message_labels import MessageLabel, read_message_labels
from accuracy.runs import PARALLEL, clone_of
from accuracy.scores import share
from accuracy.sets import NAMES, read_sets
from forensics.app.evidence import Scope
from forensics.app.sessions import open_sessions
from forensics.casework.attribution.sessions import Selection
from forensics.errors import ForensicsError
from forensics.model.case import Case

# Claude Code writes the session's id in each record.
_SESSION = re.compile(rb'"sessionId":"([\w-]{8,80})"')
_HEAD = 100_000
# Lines between a message's first line in a Markdown transcript and the line with the claim.
_NEAR = 40
_HERE = Path(__file__).parent
Message = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """What the tool said of one message; `failure` is why it could not be examined, or nothing."""

    message: Message
    said: tuple[SaidOfMessage, ...] = ()
    failure: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print, for each set, which labelled claims are seen, which verdicts are right, and every false accusation."""
    options = _parser().parse_args(arguments)
    try:
        sets = read_sets(_HERE / "sets.toml")
        labels = read_message_labels(options.labels)
    except LabelError as error:
        print(error, file=sys.stderr)
        return 2
    for name in NAMES:
        wanted = [
            label
            for label in labels
            if options.only in ("", name)
            and sets.get(label.repository) == name
            and options.repository in ("", label.repository)
        ]
        if wanted:
            print(f"# {name}")
            print("\n".join(figures(wanted, options.clones, verbose=options.verbose)))
    return 0


def figures(labels: Sequence[MessageLabel], clones: Path, *, verbose: bool) -> Iterator[str]:
    """Yield the figures of these labels line by line; details are indented."""
    messages = list(dict.fromkeys(label.message for label in labels))
    found: list[Agreement] = []
    extra: list[SaidOfMessage] = []
    unread = []
    with ProcessPoolExecutor(PARALLEL) as pool:
        for read in pool.map(_read, messages, [clones] * len(messages)):
            own = [label for label in labels if label.message == read.message]
            if read.failure:
                unread.append(f"{read.message[0]} {read.message[2]}: {read.failure}")
                continue
            found += agreements(own, read.said)
            extra += unlabelled(own, read.said)
    yield f"{len(messages)} messages, {len(messages) - len(unread)} read"
    yield from (f"  not read: {why}" for why in unread)
    yield from summary(found, extra)
    if verbose:
        yield from details(found, extra)


def summary(found: Sequence[Agreement], extra: Sequence[SaidOfMessage]) -> Iterator[str]:
    """Yield the figures, and every false accusation by name."""
    claims = [each for each in found if each.label.verdict != "other"]
    decidable = [each for each in claims if each.label.verdict != "unknown"]
    others = [each for each in found if each.label.verdict == "other"]
    yield f"claims seen: {share(each.said is not None for each in claims)}"
    yield f"claims decided, of those that can be: {share(each.decided for each in decidable)}"
    yield f"claims decided, of those seen: {share(each.decided for each in decidable if each.said)}"
    yield f"verdicts right, of those decided: {share(each.right for each in decidable if each.decided)}"
    yield f"read though the label says that it is not a claim: {share(each.said is not None for each in others)}"
    yield f"read though no label has them: {len(extra)}"
    for kind in sorted({each.label.kind for each in claims}):
        own = [each for each in claims if each.label.kind == kind]
        yield (
            f"  {kind}: seen {share(each.said is not None for each in own)}; "
            f"right {share(each.right for each in own if each.said)}"
        )
    false = [each for each in found if each.false_accusation]
    yield f"false accusations: {len(false)}"
    yield from (f"  {each}" for each in false)
    accused = [said for said in extra if said.accuses]
    yield f"accused though no label has them: {len(accused)}"
    yield from (f"  {said}" for said in accused)


def details(found: Sequence[Agreement], extra: Sequence[SaidOfMessage]) -> Iterator[str]:
    """Yield every claim that is not seen, not decided or not right, and what was read without a label."""
    yield "## not seen, not decided, not right"
    yield from (f"  {each}" for each in found if not each.right)
    yield "## without a label"
    yield from (f"  {said}" for said in extra)
    yield f"{Counter(each.verdict for each in extra)}"


def _read(message: Message, clones: Path) -> Read:
    """Run one transcript through the pipeline, alone, and return the claims of one of its messages."""
    repository, ref, path, line = message
    clone = clone_of(repository, clones)
    shown = subprocess.run(["git", "-C", str(clone), "show", f"{ref}:{path}"], capture_output=True, check=False)
    if shown.returncode:
        return Read(message, failure="not in the clone")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / path
        file.parent.mkdir(parents=True)
        file.write_bytes(shown.stdout)
        wanted = Selection(session=_session(shown.stdout))
        scope = Scope(".", clone, repo=clone, transcripts=(str(file),), sessions=wanted)
        try:
            case, _ = open_sessions(scope, wanted)
        except ForensicsError as error:
            return Read(message, failure=str(error))
    said = _claims_at(case, line, shown.stdout, markdown=path.endswith(".md"))
    return Read(message, said) if said is not None else Read(message, failure="the record ends no turn")


def _session(content: bytes) -> str | None:
    """Return the id of a transcript's session, where it names one: without it, all pull requests are looked at too."""
    match = _SESSION.search(content[:_HEAD])
    return match[1].decode() if match else None


def _claims_at(case: Case, line: str, content: bytes, *, markdown: bool) -> tuple[SaidOfMessage, ...] | None:
    """Return what is said of the message at a line; None if the tool sees none there."""
    said = [message for agent in case.transcripts.agents for message in agent.said]
    if line.startswith("m"):
        text = _text_at(content, int(line[1:]))
        at = next((message.ref.line for message in said if message.text.strip() and message.text.strip() in text), None)
    else:
        at = _line_at({message.ref.line or 0 for message in said}, int(line), exact=not markdown)
    if at is None:
        return None
    return tuple(
        SaidOfMessage(
            judged.claim.kind, judged.claim.value, judged.verdict, judged.confidence, judged.claim.said, judged.reason
        )
        for judged in case.claims
        if judged.claim.ref.line == at
    )


def _line_at(places: Set[int], number: int, *, exact: bool) -> int | None:
    """Return a message's line; that of a Markdown transcript may begin some lines above or below the one with the claim."""
    if exact:
        return number if number in places else None
    near = [place for place in places if -_NEAR <= place - number <= 1]
    return max(near, default=None)


def _text_at(content: bytes, place: int) -> str:
    """Return the texts of a message of a document that is one JSON value."""
    parts = json.loads(content)["messages"][place]["parts"]
    return "\n\n".join(part["text"] for part in parts if part.get("type") == "text")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m accuracy.messages", description=main.__doc__)
    parser.add_argument("clones", type=Path, help="folder with the clones, each as OWNER+NAME")
    parser.add_argument("--only", choices=("", *NAMES), default="", help="measure only this set")
    parser.add_argument("--labels", type=Path, default=_HERE / "labels" / "messages", help="folder with the labels")
    parser.add_argument("--repository", default="", help="measure only this repository (OWNER/NAME)")
    parser.add_argument("-v", "--verbose", action="store_true", help="also print every disagreement")
    return parser


if __name__ == "__main__":
    sys.exit(main())
