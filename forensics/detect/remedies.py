"""What to change before the next run, where several rules say the same: the sentence appears once however many rules flag."""

KEEP_THE_ORDER = (
    "State the order in a field that a tool can enforce (`execution_mode: sequential`, `depends_on`), "
    "and launch one step at a time."
)
CHECK_THE_COMMIT = "Before the next step starts, check that the commit named in a report is on the branch: run `forensics verify REPORT`."
NAME_WHAT_IS_MISSING = "Let step files name the missing function or class, not the exception that its absence raises."
OWN_WORKTREE = "Give each agent its own worktree: `git worktree add ../step-4 -b step-4`."
OWN_WORKTREE_AND_BRANCH = (
    "Give each agent its own worktree and branch (`git worktree add`), and have it check both before it commits."
)
COMPARE_BEFORE_MERGING = "Before a pull request is merged, compare its commits with its ticket: `git log main..HEAD` must name no other ticket."
