"""What persons asked an agent for, as far as their words show it."""

import re
from collections.abc import Iterator
from datetime import datetime

from forensics.model.transcript import AgentRun, Message

# A person who wants edits gone says so in one of these words. `remove` and `delete` are not among them: most prompts with
# these words are about code.
_DISCARD = re.compile(
    r"\b(?:discard|revert|reset|undo|roll(?:ing)? back|throw\b.{0,20}\baway|start (?:over|again|fresh)|git clean|stash|"
    r"abandon|scrap|wipe)",
    re.IGNORECASE,
)


def asked_until(agent: AgentRun, moment: datetime) -> Iterator[Message]:
    """Yield what persons had written to an agent by then; a subagent's prompt is its launcher's, not a person's."""
    return (message for message in agent.asked if message.moment <= moment)


def asked_for_discard(agent: AgentRun, moment: datetime) -> bool:
    """Return whether a person, or the launching prompt, had asked for something to be thrown away."""
    texts = [message.text for message in asked_until(agent, moment)] or [agent.prompt]
    return any(_DISCARD.search(text) for text in texts)
