"""An agent's message as a report on its unit of work: the commits it names, and its statements."""

from dataclasses import replace

from forensics.formats.markdown import lines_of
from forensics.formats.messages.statements import at_line, statements_in
from forensics.formats.reports.hashes import mentions_in
from forensics.model.report import HashMention, Role, StepReport
from forensics.model.transcript import Message


def read_message(message: Message, unit: str, title: str = "") -> StepReport:
    """Return what a message claims about the unit whose agent wrote it."""
    lines = lines_of(message.text)
    hashes = tuple(_own(mention, message, unit) for mention in mentions_in(lines, message.ref.path, (unit,)))
    return StepReport(
        ref=message.ref,
        last_line=message.ref.line or 1,
        steps=(unit,),
        title=title,
        hashes=hashes,
        itemised=True,
        sent=message.moment,
        statements=statements_in(lines, message.ref),
    )


def _own(mention: HashMention, message: Message, unit: str) -> HashMention:
    """Address a mention by its message. Steps named in it are another plan's: the work is the unit's all the same."""
    own = mention.role is Role.OWN or (mention.role is Role.OTHER and mention.about not in {None, unit})
    ref = at_line(message.ref, mention.ref.line or 1)
    return replace(mention, ref=ref, about=unit if own else mention.about, role=Role.OWN if own else mention.role)
