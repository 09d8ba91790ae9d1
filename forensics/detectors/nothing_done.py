"""# An agent reports work that it never did

A launched agent says that it created or changed a file. Its transcript shows only reading, and nobody wrote the file.

## Why it matters

The launcher believes the answer and goes on. What was to be built is missing, and no error shows it.

## What to do

Launch the work again, and ask for a commit as proof. Check whether the agent was allowed to write.

```case flags at=a1.jsonl:4 severity=medium confidence=likely steps=a1 culprit=a1 files=src/parser.py
session S1: "Add a parser"
S1 10:00 launches a1: "Implement the parser"
a1 10:01 reads src/rows.py
a1 10:02 runs: grep -rn parse src 2>/dev/null | head
a1 10:03 says: "All done. I've implemented the parser in `src/parser.py`."
```
It wrote the file, by a tool or in the shell:
```case clears
session S1: "Add a parser"
S1 10:00 launches a1: "Implement the parser"
S1 10:00 launches b1: "Implement the rows"
a1 10:02 writes src/parser.py
a1 10:03 says: "I've implemented the parser in `src/parser.py`."
b1 10:02 runs: cat > src/rows.py <<'END'
b1 10:03 says: "Created `src/rows.py`."
```
Somebody else wrote it, or a commit has it:
```case clears
commit aaa1111: "Rows" src/rows.py, at 10:02
session S1: "Add a parser"
S1 10:00 launches a1: "Implement the parser"
a1 10:01 reads src/a.py
S1 10:02 writes src/parser.py
a1 10:03 says: "Created `src/parser.py` and `src/rows.py`."
```
An agent that explores speaks of what others made:
```case clears
session S1: "Add a parser"
S1 10:00 launches a1: "Explore the parser"
a1 10:01 reads src/parser.py
a1 10:03 says: "The parser was added in `src/parser.py`. Created a summary of it. Rows are created by `src/rows.py`."
```
"""

from collections.abc import Iterator

from forensics.casework.agents.idle_agents import IdleAgent
from forensics.casework.agents.names import agent_named, steps_of_agents
from forensics.model.case import Case
from forensics.model.claim import Confidence
from forensics.model.finding import Effect, Hit, Rule, Severity
from forensics.model.prose import quote, upper_first
from forensics.model.source import Kind

RULE = Rule(
    "CLM018",
    "nothing-done",
    Severity.MEDIUM,
    needs=frozenset({Kind.TRANSCRIPT}),
    effect=Effect.CONTRADICTS,
    summary="{} reported work and did nothing",
)


def detect(case: Case, idle_agents: tuple[IdleAgent, ...]) -> Iterator[Hit]:
    """Yield one hit for each agent that claims a file and did nothing but read."""
    step_of = steps_of_agents(case)
    for idle in idle_agents:
        yield Hit(
            at=idle.message.ref,
            culprit=step_of.get(idle.agent.id),
            files=(idle.path,),
            confidence=Confidence.LIKELY,
            message=f"{upper_first(agent_named(idle.agent.id, step_of))} reports {quote(idle.said)}, but all that is known of it is reading: "
            f"no file tool wrote, none of its commands can write or commit, and {quote(idle.path)} is in no commit since then.",
        )
