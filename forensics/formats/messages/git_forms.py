"""The forms of statements about git: the work tree, commits, pushes, branches and pull requests."""

from forensics.formats.messages.form import NUMBER, Form
from forensics.formats.pattern_rows import Row
from forensics.model.claim_kind import ClaimKind

GIT_FORMS = (
    Form(
        ClaimKind.TREE,
        Row(
            r"\b(?:(?:working |work ?)(?:tree|directory)|(?:git |current |repo(?:sitory)? )?status|tree|checkout) (?:is |was |shows? |remains |now |currently )*(?:a )?(?:fully |completely )?clean\b|\bclean (?:working (?:tree|directory)|git status)\b|\bno uncommitted (?:changes|files|work)\b|\bnothing (?:is |was )?(?:left )?uncommitted\b",
            "working tree is clean",
            "final messages",
        ),
        "clean",
    ),
    Form(
        ClaimKind.TREE,
        Row(rf"\b{NUMBER} commits? ahead\b|\bahead (?:of [`\w/.-]+ )?by (?P<other>\d{{1,4}}) commits?\b", "1 commit ahead of origin", "final messages"),
        "ahead",
    ),
    Form(
        ClaimKind.TREE,
        Row(rf"\b{NUMBER} commits? behind\b|\bbehind (?:[`\w/.-]{{1,80}} )?by (?P<other>\d{{1,4}}|one|two|three)\b(?! (?:files?|tests?))|\bbehind `?(?:origin|upstream)/(?![`\w/.-]{{1,80}} by )",
            "`main` is behind `origin/main` by 2", "final messages"),
        "behind",
        True,
    ),
    Form(
        ClaimKind.TREE,
        Row(
            r"\bdirty (?:\w+ ){0,2}(?:files?|tree|checkout|worktree)\b|\b(?:tree|checkout|worktree|repo(?:sitory)?) (?:is |was |still |remains )*dirty\b|\b(?:has|have|are|is|with) (?:\w+ ){0,2}(?:uncommitted|pending|unstaged|local) (?:changes?|edits?|modifications?|files?)\b",
            "the checkout has uncommitted changes",
            "final messages",
        ),
        "dirty",
        True,
    ),
    Form(
        ClaimKind.TREE,
        Row(
            r"\bonly (?:modified|changed|dirty|uncommitted|untracked|staged) (?:files?|changes?) (?:is|are|was)\b|\bonly `[^`]{1,200}`(?:(?:, | and |, and )`[^`]{1,200}`){0,9} (?:is|are|was|were|shows?|remains?|has|have|been|still|now| )*(?:modified|changed|dirty|uncommitted|untracked|staged)\b",
            "only `src/tax.py` is modified",
            "final messages",
        ),
        "only",
        True,
    ),
    Form(
        ClaimKind.TREE,
        Row(r"\bup[ -]to[ -]date\b(?! with (?:the )?(?:docs|documentation|spec|plan))", "on `main`, up to date", "final messages"),
        "up-to-date",
        True,
    ),
    Form(
        ClaimKind.TREE,
        Row(r"\b(?:everything|changes?|files?|all|work|fix|kept|are|is) (?:\w+ )?(?:are |is |remain |kept |left )?(?:\w+ )?staged\b", "the changes are staged", "final messages"),
        "staged",
        True,
    ),
    Form(
        ClaimKind.PUSHED,
        Row(
            r"(?:\A\W*|\b(?:I|I've|have|has|been|is|are|all|it|them|changes|commits?|branch|work|everything|fix|fixes|code|tags?|and|now|both)\s+(?:now |also |all )?)(?:force-)?pushed\b(?! (?:down|up|onto|into|back|out|through|aside)\b| to (?:the |an? )?(?:array|stack|queue|list|end|edge)\b)",
            "and pushed to origin",
            "final messages",
        ),
        "pushed",
    ),
    Form(
        ClaimKind.PUSHED,
        Row(
            r"[,&+] (?:force-)?pushed(?=\W*(?:$|[,.;:()]|and\b|to (?:origin|the remote|`)))",
            "Committed & pushed",
            "lists of deeds in final messages",
        ),
        "pushed",
    ),
    Form(
        ClaimKind.PUSHED,
        Row(r", (?:and )?(?:force-)?pushed (?:the|my|both|all|it|them|this|that)\b(?! (?:\w+ ){0,2}(?:down|up|onto|into|back|aside)\b)", "rebased it, pushed the branch, and opened PR #12", "lists of deeds in final messages"),
        "pushed",
        True,
    ),
    Form(ClaimKind.PUSHED, Row(r"\bis (?:now )?(?:live )?on `?origin/", "is on `origin/topic`", "final messages"), "pushed"),
    Form(
        ClaimKind.COMMITTED,
        Row(
            r"(?:\A\W*|\b(?:I|I've|have|has|been|is|are|all|it|them|changes|work|everything|fix|fixes|files?|code|docs?|todo [^.]{0,30}|and|now|both)\s+(?:now |also |all )?)committed\b(?! to (?:the )?(?:transaction|database|ledger))",
            "Committed as `a1b2c3d`",
            "final messages",
        ),
        "committed",
    ),
    Form(
        ClaimKind.COMMITTED,
        Row(r"\bcommitted (?:as|in) `[0-9a-f]{7,40}`", "(committed in `a1b2c3d`)", "final messages"),
        "committed",
        True,
    ),
    Form(
        ClaimKind.COMMITTED,
        Row(rf"(?<!last )(?<!previous )(?<!these )(?<!by )\b{NUMBER} commits\b(?! (?:ahead|behind|ago|were|later|on|from|since))", "Fixed in 2 commits", "final messages"),
        weak=True,
    ),
    Form(
        ClaimKind.PULL,
        Row(r"(?:\bPR ?|\bpull request ?|/pull/)#?(?P<value>\d{1,6})\b", "PR #12", "final messages"),
    ),
    Form(
        ClaimKind.COMMITTED,
        Row(
            r"\b(?:created|made|added)\W{1,3}(?:a |the |one |it in )?(?:(?:new|git|single|release|local|clean|separate) ){0,2}commit\b(?! (?:message|hash|id|history|hook|template|graph)s?\b)|\bcommit (?:was |has been )?(?:created|made)\b",
            "I made a commit",
            "final messages that list deeds",
        ),
        "committed",
        True,
    ),
    Form(
        ClaimKind.PULL,
        Row(
            r"\bmerge(?:able|[- ]ready)\b(?=\W{0,4}(?:`?MERGEABLE|$|[.,;:]|and\b|with\b|state\b))|\bmerge state\W{1,4}clean\b|\bno (?:merge )?conflicts with (?:the )?(?:base|`?main|`?master)",
            "mergeable: `MERGEABLE`",
            "final messages on pull requests",
        ),
        "mergeable",
        True,
    ),
    Form(
        ClaimKind.PULL,
        Row(
            r"\bmerged (?:the )?(?:PR|pull request) ?#?(?P<value>\d{1,6})\b|\b(?:PR|pull request) ?#?(?P<other>\d{1,6})(?:\]\([^)\s]{1,200}\))? (?:is|was|has been|got)?(?: now)? ?(?:squash[- ]?)?merged\b",
            "merged PR #12",
            "final messages on pull requests",
        ),
        "merged",
        True,
    ),
    Form(
        ClaimKind.BRANCH,
        Row(r"`(?P<value>[\w./#@+-]{2,120})` branch\b", "deleted the local `topic` branch", "final messages"),
        weak=True,
    ),
    Form(ClaimKind.BRANCH, Row(r"\bbranch(?:/worktree| name|es)?\W{1,4}`(?P<value>[\w./#@+-]{2,120})`", "branch `topic`", "final messages")),
    Form(
        ClaimKind.BRANCH,
        Row(
            r"\b(?:on|to|onto|from|into|off|at)\W{1,2}`(?P<value>(?:origin/)?(?:main|master|develop|dev|staging|trunk|[\w.@+-]+(?:/[\w.@+-]+){1,4}))`",
            "on `feature/tax`",
            "final messages",
        ),
        weak=True,
    ),
)  # fmt: skip
