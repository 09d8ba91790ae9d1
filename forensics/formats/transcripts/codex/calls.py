"""What a Codex tool call asks for: a command, a patch, more output, or an agent."""

from dataclasses import dataclass

import msgspec
from msgspec import Struct

from forensics.formats.transcripts.codex.outputs import (
    arguments_of,
    deleted_in,
    patched_in,
    polled_in,
    runs_commands,
    script_of,
    scripts_in,
    text_of,
)
from forensics.formats.transcripts.codex.records import UNREADABLE, Item

CALLS = {"function_call", "custom_tool_call", "local_shell_call"}
FOLLOWS = {"write_stdin", "wait", "poll"}
_SHELLS = {"shell", "shell_command", "exec_command", "local_shell", "container.exec", "local_shell_call"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that runs or writes something, or asks what another ran for more output; `workdir` as it is written."""

    name: str
    command: str = ""
    workdir: str = ""
    writes: tuple[str, ...] = ()
    follows: str = ""
    deletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpawnCall:
    """A call that launches an agent."""

    title: str
    prompt: str


@dataclass(frozen=True, slots=True)
class UnreadableCall:
    """A call whose arguments cannot be read; `call` is what is known of it."""

    call: Call | None = None


@dataclass(frozen=True, slots=True)
class PlanCall:
    """A call that writes the list of tasks: each task with whether it is done."""

    tasks: tuple[tuple[str, bool], ...]


Asked = Call | SpawnCall | PlanCall | UnreadableCall


class _Task(Struct):
    step: str | None = None
    status: str | None = None


class _Plan(Struct):
    plan: list[_Task]


def asked_in(item: Item) -> Asked | None:
    """Return what a call asks for; None for tools that neither run, write nor launch anything, nor plan."""
    name = item.name or item.type
    if name == "update_plan":
        return _planned(item)
    if item.type == "custom_tool_call":
        return _custom(name, text_of(item.input))
    if name in _SHELLS | FOLLOWS | {"spawn_agent", "apply_patch"}:
        return _function(name, item)
    return None


def _function(name: str, item: Item) -> Asked:
    """Read a call with named arguments."""
    arguments = arguments_of(item.arguments, item.action)
    if arguments is None:
        return UnreadableCall()
    if name == "spawn_agent":
        return SpawnCall(arguments.task_name or arguments.agent_type or "", arguments.message or "")
    command = script_of(arguments.command or arguments.cmd) if name in _SHELLS else ""
    workdir = arguments.workdir or arguments.working_directory or ""
    source = command or arguments.input or ""
    return Call(name, command, workdir, patched_in(source), arguments.follows, deleted_in(source))


def _planned(item: Item) -> PlanCall | None:
    """Read the list of tasks; nothing is lost where it cannot be read."""
    try:
        plan = msgspec.json.decode(text_of(item.arguments) or bytes(item.arguments), type=_Plan).plan
    except UNREADABLE:
        return None
    return PlanCall(tuple((task.step, task.status == "completed") for task in plan if task.step))


def _custom(name: str, source: str) -> Asked | None:
    """Read a call with free text: a patch, or a script that runs commands and patches."""
    if name == "apply_patch":
        return Call(name, writes=patched_in(source), deletes=deleted_in(source))
    if name != "exec":
        return None
    found = list(scripts_in(source))
    if not found and (follows := polled_in(source)):
        return Call("poll", follows=follows)
    # What several commands of one script printed cannot be told apart: they are one command of several lines.
    command = "\n".join(command for command, _ in found)
    workdir = next((workdir for _, workdir in found if workdir), "")
    call = Call(name, command, workdir, patched_in(source, in_script=True))
    return call if found or not runs_commands(source) else UnreadableCall(call)
