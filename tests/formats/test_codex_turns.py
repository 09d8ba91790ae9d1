"""What persons asked in a Codex session, what it ended its turns with, its tasks, and its agents' answers."""

from forensics.formats.transcripts.codex.reader import read
from forensics.model.transcript import AgentRun, Launch
from tests.formats.codex_lines import CHILD, PARENT, at, call, event, item, meta, output, shown


def _run(*lines: str) -> AgentRun:
    (run,) = shown(meta(at(0)), *lines).agents
    return run


def _asked(when: str, words: str) -> str:
    return item(when, "message", role="user", content=[{"type": "input_text", "text": words}])


def _spoke(when: str, words: str, **more: str) -> str:
    return item(when, "message", role="assistant", content=[{"type": "output_text", "text": words}], **more)


def test_a_turn_ends_with_the_text_that_the_note_repeats() -> None:
    run = _run(
        _asked(at(1), "<environment_context>\n</environment_context>"),
        _asked(at(1), "Sort the carts"),
        event(at(1), "user_message", message="Sort the carts"),
        _spoke(at(2), "I look first."),
        call(at(3), "c1", cmd="ls"),
        output(at(4), "c1", "a"),
        _spoke(at(5), "Sorted."),
        event(at(6), "task_complete", last_agent_message="Sorted."),
        event(at(7), "user_message", message="And tested?"),
        _spoke(at(8), "I am going to"),
        event(at(9), "turn_aborted", reason="interrupted"),
        _spoke(at(10), "A remark at the end of a file that was cut"),
    )
    assert [message.text for message in run.asked] == ["Sort the carts", "And tested?"]
    assert [(message.text, message.ref.line) for message in run.said] == [("Sorted.", 8)]
    assert run.paths == ("rollout-x.jsonl",)


def test_a_text_that_is_marked_as_the_answer_ends_a_turn_whose_note_is_cut_off() -> None:
    run = _run(
        _asked(at(1), "Sort"),
        _spoke(at(2), "Sorted.", phase="final_answer"),
        event(at(3), "task_complete", last_agent_message="Sorted."),
        _asked(at(4), "And test"),
        _spoke(at(5), "I am at it.", phase="commentary"),
        _spoke(at(6), "Tested.", phase="final_answer"),
    )
    assert [message.text for message in run.said] == ["Sorted.", "Tested."]


def test_without_notes_the_text_before_a_persons_next_words_ends_the_turn() -> None:
    run = _run(
        _asked(at(1), "Sort"),
        _spoke(at(2), "A remark.", phase="commentary"),
        _spoke(at(3), "Sorted."),
        _asked(
            at(4), "<user_shell_command>\n<command>make</command>\n<result>4 passed</result>\n</user_shell_command>"
        ),
        _spoke(at(5), "Good."),
    )
    assert [message.text for message in run.said] == ["Sorted.", "Good."]
    assert "4 passed" in run.asked[1].text
    assert run.prompt == "Sort"


def test_a_note_alone_has_the_text() -> None:
    run = _run(event(at(1), "user_message", message="go"), event(at(2), "task_complete", last_agent_message="Done."))
    assert [message.text for message in run.said] == ["Done."]


def test_the_list_of_tasks_is_the_last_one() -> None:
    def plan(when: str, status: str) -> str:
        steps = [{"step": "Sort", "status": status}, {"step": "Test", "status": "pending"}]
        return call(when, f"p{when}", "update_plan", plan=steps)

    run = _run(plan(at(1), "in_progress"), plan(at(2), "completed"), call(at(3), "x", "update_plan", plan="no list"))
    assert [(todo.text, todo.done) for todo in run.todos] == [("Sort", True), ("Test", False)]
    assert not shown(meta(at(0)), call(at(3), "x", "update_plan", plan="no list")).gaps


def test_answers_of_launched_agents() -> None:
    answer = [{"type": "input_text", "text": "Message Type: FINAL_ANSWER\nSender: /lead/b\nPayload:\nDone, twice."}]
    lead = (
        meta(at(0)),
        call(at(1), "s1", "spawn_agent", task_name="b", message="Do b"),
        output(at(2), "s1", '{"task_name":"/lead/b"}'),
        call(at(3), "s2", "spawn_agent", message="Do c"),
        output(at(3), "s2", f'{{"agent_id":"{CHILD}"}}'),
        item(at(6), "agent_message", author="/lead/b", recipient="/lead", content=answer),
        call(at(7), "w", "wait", ids=[CHILD]),
        output(at(9), "w", f'{{"status":{{"{CHILD}":{{"completed":"All well."}},"x":"running"}}}}'),
    )
    (run,) = shown(*lead).agents
    assert [launch.answer and launch.answer.text for launch in run.of(Launch)] == ["Done, twice.", "All well."]


def test_a_launched_agents_words_may_be_in_its_launchers_transcript_only() -> None:
    lead = "\n".join(
        (
            meta(at(0)),
            call(at(3), "s2", "spawn_agent", message="Do c"),
            output(at(3), "s2", f'{{"agent_id":"{CHILD}"}}'),
            call(at(7), "w", "wait", ids=[CHILD]),
            output(at(9), "w", f'{{"status":{{"{CHILD}":{{"completed":"All well."}}}}}}'),
        )
    )
    child = "\n".join((meta(at(4), CHILD, parent_thread_id=PARENT), _asked(at(4), "Do c"), call(at(5), "c", cmd="ls")))
    runs = {run.id: run for run in read([("a.jsonl", [lead.encode()]), ("b.jsonl", [child.encode()])]).agents}
    assert [message.text for message in runs[CHILD].said] == ["All well."]
    assert (runs[CHILD].asked, runs[CHILD].prompt) == ((), "Do c")
