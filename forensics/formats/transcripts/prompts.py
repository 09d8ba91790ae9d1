"""What a person asked for in a message of the user's: tools write commands, reminders and notices in the person's name."""

import re

from forensics.formats.pattern_rows import Row, compiled

# Text that a tool puts around or between a person's words. One that never closes goes on to the end: looking for its end
# again at each of thousands of beginnings would take for ever.
_ADDED = (
    Row(
        r"<system-reminder>.*?(?:</system-reminder>|\Z)",
        "<system-reminder>Todos are empty.</system-reminder>",
        "after a person's words, in the same message",
    ),
    Row(
        r"<ide_\w{1,30}>.*?(?:</ide_\w{1,30}>|\Z)",
        "<ide_opened_file>The user opened a.py</ide_opened_file>",
        "before the words typed into an editor's panel",
    ),
    Row(
        r"<local-command-(?P<local>\w{1,20})>.*?(?:</local-command-(?P=local)>|\Z)",
        "<local-command-stdout>Set model</local-command-stdout>",
        "what a command of the tool itself printed",
    ),
    Row(
        r"<task-notification>.*?(?:</task-notification>|\Z)",
        "<task-notification><status>completed</status></task-notification>",
        "the end of a background agent, sent as a message",
    ),
)
_ADDED_TEXT = compiled(_ADDED, flags=re.DOTALL)
# Whole messages that nobody typed, by their beginning.
_NOT_TYPED = compiled(
    (
        Row("Caveat: ", "Caveat: The messages below were generated", "older versions, before a command's output"),
        Row(r"\[Request interrupted by user", "[Request interrupted by user]", "the agent was stopped"),
        Row("<teammate-message", '<teammate-message teammate_id="lead">', "agents that work as a team"),
        Row(
            r"Stop hook feedback:|PostToolUse:|UserPromptSubmit hook",
            "Stop hook feedback:\n- run the tests",
            "a hook that sends the agent back to work",
        ),
        Row("This session is being continued from", "This session is being continued from a", "a compacted session"),
    ),
    before=r"\A\s*",
)
# A command of the tool's, or one that a project defines, is written in tags: its name, and what was typed behind it.
_COMMAND = re.compile(r"<command-name>\s*+(/?[^<]{1,200}?)\s*</command-name>")
_ARGUMENTS = ("<command-args>", "</command-args>")
# Commands that steer the tool and ask the agent for nothing, whatever stands behind them. Sessions begin with `/clear`.
_STEERS = frozenset({
    "add-dir", "agents", "bashes", "bug", "clear", "color", "compact", "config", "context", "copy", "cost", "doctor",
    "effort", "exit", "export", "fast", "feedback", "help", "hooks", "ide", "login", "logout", "mcp", "memory", "model",
    "output-style", "permissions", "plugin", "plugins", "privacy-settings", "quit", "release-notes", "rename", "resume",
    "rewind", "sandbox", "skills", "stats", "status", "statusline", "tasks", "terminal-setup", "theme", "todos",
    "upgrade", "usage", "vim",
})  # fmt: skip
# `!ls` typed at the prompt: what ran and what it printed. Evidence that a person gave, but not a wish.
_SHELL = re.compile(r"<bash-(?P<tag>input|stdout|stderr)>.*?(?:</bash-(?P=tag)>|\Z)", re.DOTALL)
# Prompts of commands are written in tags of their own, `<objective>`; the bound keeps `a < b` from opening one.
_TAG = re.compile(r"<[^>\n]{1,80}>")
# The first message of some sessions is a key pressed in a menu, such as `8` or `q`: no title.
_WORD = re.compile(r"[^\W\d_]{2}")
# A plan that was agreed on is handed to a fresh session under this line: the plan's heading says what it is about.
_HANDED_PLAN = re.compile(r"\A\s*implement the following plan:?\s*\n", re.IGNORECASE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S[^\n]*)", re.MULTILINE)


def given_by_person(text: str) -> str:
    """Return what a person gave to the agent: words, and what `!command` printed for them; empty if a tool wrote it all."""
    if _NOT_TYPED.match(text):
        return ""
    return _with_command(_ADDED_TEXT.sub("", text)).strip()


def typed_by_person(text: str) -> bool:
    """Return whether a person typed any of a message, if only a command that steers the tool."""
    return bool(given_by_person(text)) or _COMMAND.search(text) is not None


def words_of_person(text: str) -> str:
    """Return the words with which a person asked for something; empty for a bare command and for a shell's output."""
    words = _SHELL.sub("", given_by_person(text)).strip()
    bare = words.startswith("/") and " " not in words and "\n" not in words
    return "" if bare or not _WORD.search(words) else words


def title_of(prompt: str) -> str:
    """Return a prompt's title: its first line without tags; of a plan that was handed over, the plan's first heading."""
    text = _TAG.sub("", prompt)
    if handed := _HANDED_PLAN.match(text):
        text = text[handed.end() :]
        if heading := _HEADING.search(text):
            return heading[1].strip()
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _with_command(text: str) -> str:
    """Return a slash command as it was typed; nothing of one that only steers the tool."""
    command = _COMMAND.search(text)
    if command is None:
        return text
    name = command[1].lstrip("/")
    arguments = text.partition(_ARGUMENTS[0])[2].partition(_ARGUMENTS[1])[0]
    return "" if name in _STEERS else f"/{name} {arguments.strip()}".strip()
