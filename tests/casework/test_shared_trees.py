"""What resulted from agents working in one work tree."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from forensics.detect.resolver import Resolver
from forensics.detectors import head_moved, shared_folder
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Hit, MisplacedWork, Severity
from forensics.model.transcript import Command
from forensics.testing.script import case_of

PLAN = 'plan: 1.3 "Empty issues", 1.4 "Plan mode"\n'
SWEEP = 'commit aaa1111: "Cycle 1.4: Plan mode" src/a.py src/b.py, at 10:05\n'
MAKER = "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, {}runs git add -A 10:04, commits aaa1111 10:05\n"


def _hits(detect: Callable[..., Iterable[Hit]], case: Case) -> list[Hit]:
    return list(Resolver(case).call(detect))


def _hit(script: str) -> Hit:
    (hit,) = _hits(shared_folder.detect, case_of(script))
    return hit


def test_a_swept_file_is_named_with_where_it_belongs() -> None:
    hit = _hit(
        PLAN + SWEEP + 'commit bbb1111: "Cycle 1.3: Empty issues" src/a.py, at 10:09\n' + MAKER.format("")
        + "agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, writes src/a.py 10:08, commits bbb1111 10:09\n"
    )  # fmt: skip
    sha = "aaa1111".ljust(40, "0")
    assert (hit.severity, hit.confidence, hit.steps) == (Severity.HIGH, Confidence.CERTAIN, ("1.3", "1.4"))
    assert hit.foreign == (MisplacedWork(sha, "1.3", "bbb1111".ljust(40, "0"), (("src/a.py", None),)),)
    assert [str(hit.at), str(hit.related[0])] == ["agent-a4.jsonl:4", "agent-a3.jsonl:2"]


def test_an_owner_who_never_tried_to_commit_makes_it_likely_only() -> None:
    hit = _hit(
        PLAN + SWEEP + MAKER.format("") + "agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, reads src/a.py 10:09\n"
    )
    assert (hit.severity, hit.confidence, hit.foreign[0].home) == (Severity.HIGH, Confidence.LIKELY, None)


@pytest.mark.parametrize(
    ("owner", "maker", "why"),
    [
        ("writes src/a.py 10:06", "", "it was written after the commit"),
        ("writes src/a.py 10:03, commits eee1111 10:04", "", "the owner committed, and that commit is not here"),
        ("writes src/a.py 10:03, runs git commit -qam x 10:04", "", "the owner committed and nothing was printed"),
        ("writes src/a.py 10:03, runs git stash 10:03", "", "it was put away"),
        ("writes src/a.py 10:01", "runs git checkout step-3 -- src 10:03, ", "the maker fetched it"),
        ("writes src/a.py 10:01", "runs git merge --squash step-3 10:03, ", "the maker merged it"),
        ("writes src/a.py 10:01", "runs sed -i s/x/y/ src/a.py 10:03, ", "the maker wrote it by a shell"),
        ("writes src/a.py 10:01", "runs git add -p 10:03, ", "the maker staged by pieces"),
    ],
)
def test_nothing_is_called_swept_that_may_have_come_rightly(owner: str, maker: str, why: str) -> None:
    script = f"{PLAN}{SWEEP}{MAKER.format(maker)}agent a3 1.3: 10:00-10:10, tests passed 10:00, {owner}, commits bbb1111 10:10\n"
    assert _hit(script).severity is Severity.INFO, why


def test_a_file_the_plan_gives_to_the_committer_is_its_own() -> None:
    plan = 'plan: 1.3 "Empty issues", 1.4 "Plan mode" files src/a.py src/b.py\n'
    hit = _hit(
        plan + SWEEP + MAKER.format("") + "agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, commits bbb1111 10:09\n"
    )
    assert hit.severity is Severity.INFO


@pytest.mark.parametrize("path", ["package.json", "uv.lock", "Cargo.toml", "docs/notes.md"])
def test_files_that_every_step_changes_belong_to_none(path: str) -> None:
    hit = _hit(
        f'{PLAN}commit aaa1111: "Cycle 1.4: Plan mode" {path} src/b.py, at 10:05\n{MAKER.format("")}'
        f"agent a3 1.3: 10:00-10:10, writes {path} 10:03, writes src/c.py 10:06, commits bbb1111 10:09\n"
    )
    assert hit.severity is Severity.INFO


def test_a_command_at_the_commits_own_time_may_bring_a_file() -> None:
    owner = "agent a3 1.3: 10:00-10:10, tests passed 10:00, writes src/a.py 10:03, commits bbb1111 10:09\n"
    maker = "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, {} 10:05, commits ddd1111 10:05\n"
    assert _hit(PLAN + owner + maker.format("runs git add -A")).severity is Severity.MEDIUM
    assert _hit(PLAN + owner + maker.format("runs git stash pop && git add -A")).severity is Severity.INFO


def test_folders_of_other_sessions_may_be_other_machines() -> None:
    case = case_of(
        PLAN + "agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, commits bbb1111 10:09\n"
        "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add -A 10:04, commits ddd1111 10:05\n"
    )
    (hit,) = _hits(shared_folder.detect, case)
    assert (hit.severity, hit.confidence) == (Severity.MEDIUM, Confidence.CERTAIN)
    apart = tuple(replace(agent, parent=None) for agent in case.transcripts.agents if agent.id != "main")
    (hit,) = _hits(shared_folder.detect, replace(case, transcripts=replace(case.transcripts, agents=apart)))
    assert (hit.severity, hit.confidence) == (Severity.INFO, Confidence.LIKELY)


def test_agents_that_no_branch_is_known_of_share_no_work_tree() -> None:
    case = case_of(
        PLAN
        + "agent a3 1.3: 10:00-10:10, writes a.py 10:03\nagent a4 1.4: 10:00-10:10, writes b.py 10:02, tests passed 10:05\n"
    )
    assert _hits(shared_folder.detect, case)
    nowhere = tuple(replace(agent, branch=None) for agent in case.transcripts.agents)
    assert not _hits(shared_folder.detect, replace(case, transcripts=replace(case.transcripts, agents=nowhere)))


def test_one_file_that_both_edited_may_hold_both() -> None:
    both = "agent a3 1.3: 10:00-10:10, tests passed 10:01, writes src/b.py 10:03, runs git add src/b.py 10:08, commits ccc1111 10:09\n"
    maker = "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, runs git add src/b.py 10:04, commits ddd1111 10:05\n"
    assert _hit(PLAN + both + maker).severity is Severity.MEDIUM
    apart = both.replace("10:03", "10:07")
    assert _hit(PLAN + apart + maker).severity is Severity.LOW


def test_the_known_commit_clears_what_was_staged_wholesale() -> None:
    clean = 'commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05\n'
    owner = "agent a3 1.3: 10:00-10:10, writes src/a.py 10:03, commits bbb1111 10:09\n"
    hit = _hit(PLAN + clean + MAKER.format("") + owner)
    assert (hit.severity, hit.foreign) == (Severity.INFO, ())


def test_one_finding_a_tree_says_what_isolation_was_missing() -> None:
    plan = 'plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"\n'
    agents = "".join(
        f"agent a{n} 1.{n}: 10:00-10:10, writes src/a{n}.py 10:03, runs git add src/a{n}.py 10:05\n" for n in (3, 4, 5)
    )
    hit = _hit(plan + agents)
    assert hit.steps == ("1.3", "1.4", "1.5")
    assert "nobody ran `git worktree add`; none of them checked where it was" in hit.message


def test_one_switch_under_several_agents_is_one_finding() -> None:
    plan = 'plan: 1.3 "Empty issues", 1.4 "Plan mode", 1.5 "Quota"\n'
    agents = "".join(
        f"agent a{n} 1.{n}: 10:00-10:10, writes src/a{n}.py 10:03, sees step-5 10:05, commits aaa{n}111 10:06\n"
        for n in (3, 4)
    )
    case = case_of(plan + agents + "agent a5 1.5: 10:00-10:10, switches step-5 10:04, writes src/b.py 10:07")
    (hit,) = _hits(head_moved.detect, case)
    assert (hit.steps, hit.confidence, hit.commits) == (
        ("1.3", "1.4", "1.5"),
        Confidence.CERTAIN,
        ("aaa3111", "aaa4111"),
    )
    assert "agent-a5.jsonl:2" in map(str, hit.related)
    assert "`git switch step-5`" in hit.message


def test_git_own_word_without_a_switch_is_likely() -> None:
    script = (
        PLAN
        + "agent a3 1.3: 10:00-10:20, switches step-3 10:01, writes src/a.py 10:02, commits aaa1111 on step-4 10:09\n"
        "agent a4 1.4: 10:02-10:12, writes src/b.py 10:05"
    )
    (hit,) = _hits(head_moved.detect, case_of(script))
    assert hit.confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("second", "shared", "why"),
    [
        ("in /tree/app, writes new.py 10:03", True, "nothing shows a tree of its own"),
        ("in /tree/app, writes src/b.py 10:03", True, "one file of the same name as one at the top"),
        ("in /tree/app, writes src/b.py 10:03, writes src/c.py 10:04, writes src/d.py 10:04", False, "its files do"),
        ("in /tree/.worktrees/app, writes new.py 10:03", False, "its name does"),
    ],
)
def test_a_session_in_a_subfolder_is_in_the_tree_above(second: str, shared: bool, why: str) -> None:
    case = case_of(
        PLAN + 'commit aaa1111: "Cycle 1.4: Plan mode" src/b.py src/c.py src/d.py, at 10:05\n'
        f"agent a3 1.3: 10:00-10:10 {second}\n"
        "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, commits aaa1111 10:05\n"
    )
    assert bool(_hits(shared_folder.detect, case)) is shared, why


def test_git_s_word_makes_a_subfolder_a_tree() -> None:
    case = case_of(
        PLAN + 'commit aaa1111: "Cycle 1.4: Plan mode" src/b.py, at 10:05\n'
        "agent a3 1.3: 10:00-10:10 in /tree/app, runs git rev-parse --show-toplevel 10:01, writes new.py 10:03\n"
        "agent a4 1.4: 10:00-10:10, writes src/b.py 10:02, commits aaa1111 10:05\n"
    )
    assert _hits(shared_folder.detect, case)
    agents = [
        replace(
            agent,
            events=tuple(
                replace(event, output="/tree/app\n") if isinstance(event, Command) else event for event in agent.events
            ),
        )
        for agent in case.transcripts.agents
    ]
    assert not _hits(shared_folder.detect, replace(case, transcripts=replace(case.transcripts, agents=tuple(agents))))
