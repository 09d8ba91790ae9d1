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


# People say `ship it` and `merge` where they mean a push; a slash command's own text says `git push`.
_PUBLISH = re.compile(r"\b(?:push|publish|deploy|releas|ship|merge|sync)", re.IGNORECASE)
# Orchestrators tell agents that commit side by side to use `--no-verify`; persons say it in plain words.
_SKIP_HOOKS = re.compile(
    r"--no-verify|\bHUSKY\b|\bhooksPath\b|\b(?:skip|bypass|ignor|without|disabl)\w*\b[^.\n]{0,30}\bhooks?\b|\bno hooks?\b",
    re.IGNORECASE,
)


# "Remove the old tests", "that test is flaky, skip it": either order, within a sentence.
_CHANGES = (
    r"(?:remov|delet|drop|skip|disabl|xfail|quarantin|relax|loosen|clean(?:ing)? up|simplif|rewrit|replac|flaky)\w*"
)
_CHANGE_TESTS = re.compile(
    rf"\b{_CHANGES}\b[^.\n]{{0,60}}\b(?:tests?|specs?|assertions?)\b|"
    rf"\b(?:tests?|specs?|assertions?)\b[^.\n]{{0,60}}\b{_CHANGES}",
    re.IGNORECASE,
)


def asked_until(agent: AgentRun, moment: datetime) -> Iterator[Message]:
    """Yield what persons had written to an agent by then; a subagent's prompt is its launcher's, not a person's."""
    return (message for message in agent.asked if message.moment <= moment)


def asked_for_discard(agent: AgentRun, moment: datetime) -> bool:
    """Return whether a person, or the launching prompt, had asked for something to be thrown away."""
    return _asked(agent, moment, _DISCARD)


def asked_to_publish(agent: AgentRun, moment: datetime) -> bool:
    """Return whether a person, or the launching prompt, had asked for something to be pushed or released."""
    return _asked(agent, moment, _PUBLISH)


def asked_to_skip_hooks(agent: AgentRun, moment: datetime) -> bool:
    """Return whether a person, or the launching prompt, had asked to go past the hooks."""
    return _asked(agent, moment, _SKIP_HOOKS)


def _asked(agent: AgentRun, moment: datetime, words: re.Pattern[str]) -> bool:
    texts = [message.text for message in asked_until(agent, moment)] or [agent.prompt]
    return any(words.search(text) for text in texts)


def asked_to_change_tests(agent: AgentRun, moment: datetime) -> bool:
    """Return whether a person, or the launching prompt, had asked for tests to be removed, skipped or relaxed."""
    return _asked(agent, moment, _CHANGE_TESTS)
