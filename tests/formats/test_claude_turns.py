"""What persons asked in a Claude Code session, and what it and the agents it launched said at the end."""

from forensics.formats.transcripts.claude.reader import read
from forensics.model.transcript import AgentRun, Launch
from tests.formats.transcript_lines import SESSION, assistant, at, call, line, result, user

CLEAR = "<command-name>/clear</command-name>\n<command-message>clear</command-message>"


def _run(*lines: bytes) -> AgentRun:
    (run,) = read([("s.jsonl", [b"".join(lines)])]).agents
    return run


def _text(words: str) -> dict[str, str]:
    return {"type": "text", "text": words}


def test_the_prompt_is_what_a_person_asked_for_in_words() -> None:
    run = _run(
        user(0, CLEAR),
        user(1, "<local-command-stdout></local-command-stdout>"),
        user(2, "<command-name>/review</command-name>"),
        user(3, "<bash-input>make test</bash-input>"),
        user(4, "<bash-stdout>4 passed</bash-stdout>"),
        user(5, "Sort the carts"),
        assistant(9),
    )
    assert run.prompt == "Sort the carts"
    assert [message.text for message in run.asked] == [
        "/review",
        "<bash-input>make test</bash-input>",
        "<bash-stdout>4 passed</bash-stdout>",
        "Sort the carts",
    ]


def test_a_session_of_a_bare_command_is_titled_by_it() -> None:
    assert _run(user(0, CLEAR), user(1, "<command-name>/review</command-name>"), assistant(2)).prompt == "/review"


def test_words_typed_while_the_agent_works_are_asked() -> None:
    def queued(second: float, words: str) -> bytes:
        held = {"type": "queued_command", "prompt": words}
        return line(type="attachment", attachment=held, timestamp=at(second), sessionId=SESSION, uuid=f"q{second}")

    run = _run(
        user(0, "go"),
        assistant(1, call("t1", "Bash", command="make")),
        queued(2, "Use tabs"),
        queued(3, "<task-notification>\n<task-id>a2</task-id>\n</task-notification>"),
        result(4, "t1", "ok"),
        assistant(5, _text("Done.")),
    )
    assert [message.text for message in run.asked] == ["go", "Use tabs"]
    assert [message.text for message in run.said] == ["Done."]


def test_feedback_of_a_hook_is_not_asked() -> None:
    run = _run(
        user(0, "go"), assistant(1, _text("Done.")), user(2, "Stop hook feedback:\n- test it"), assistant(3, _text("Tested."))
    )  # fmt: skip
    assert [message.text for message in run.asked] == ["go"]
    assert run.said[-1].text.endswith("Tested.")


def test_a_text_that_a_person_stopped_is_not_the_last_word() -> None:
    run = _run(
        user(0, "go"), assistant(1, _text("I am going to"), stop=None), user(2, "[Request interrupted by user]"), user(3, "no")
    )  # fmt: skip
    assert run.said == ()


def test_a_text_that_the_hooks_of_a_turns_end_follow_is_the_last_word() -> None:
    def hook(event: str) -> bytes:
        data = {"type": "hook_progress", "hookEvent": event}
        return line(type="progress", data=data, timestamp=at(2), sessionId=SESSION, uuid=f"h{event}")

    stopped = user(3, "[Request interrupted by user]")
    spoken = assistant(1, _text("Sorted."), stop=None)
    assert [message.text for message in _run(user(0, "go"), spoken, hook("Stop"), stopped).said] == ["Sorted."]
    assert _run(user(0, "go"), spoken, hook("PreToolUse"), stopped).said == ()
    answered = assistant(1, _text("Sorted."))
    assert [message.text for message in _run(user(0, "go"), answered, stopped).said] == ["Sorted."]


def test_a_notification_has_the_answer_of_a_background_agent() -> None:
    run = _run(
        user(0, "go"),
        assistant(1, call("t1", "Agent", description="carts", prompt="p", run_in_background=True)),
        result(2, "t1", "launched", told={"status": "async_launched", "agentId": "a2"}),
        line(
            type="queue-operation",
            operation="enqueue",
            timestamp=at(60),
            sessionId=SESSION,
            content="<task-notification>\n<task-id>a2</task-id>\n<status>completed</status>\n"
            "<result>Sorted; see `<result>x</result>`.</result>\n</task-notification>",
        ),
    )
    (launch,) = run.of(Launch)
    assert launch.answer
    assert (launch.answer.text, launch.answer.ref.line) == ("Sorted; see `<result>x</result>`.", 4)


def test_an_answer_ends_before_the_note_on_the_agent() -> None:
    told = (
        "All sorted, as agentId: said.\nagentId: a682276 (for resuming to continue this agent's work)\n<usage>x</usage>"
    )
    run = _run(
        user(0, "go"),
        assistant(1, call("t1", "Task", description="carts", prompt="p")),
        result(9, "t1", [{"type": "text", "text": told}]),
    )
    (launch,) = run.of(Launch)
    assert launch.answer
    assert (launch.answer.text, launch.agent) == ("All sorted, as agentId: said.", "a682276")
