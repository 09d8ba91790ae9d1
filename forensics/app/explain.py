"""The pages of the rules."""

from forensics.detect.registry import load_detectors
from forensics.errors import UsageError
from forensics.model.prose import listing, quote


def explain(code: str | None) -> str:
    """Return one rule's page, or the list of all rules; raises UsageError for a code nobody knows."""
    detectors = load_detectors()
    if code is None:
        rows = [f"{one.rule.code}  {one.rule.severity:<8}  {one.rule.name}" for one in detectors]
        return "\n".join([*rows, "", "forensics explain CODE shows a rule's page."]) + "\n"
    wanted = code.upper()
    found = next((one for one in detectors if wanted in {one.rule.code, one.rule.name.upper()}), None)
    if found is None:
        raise UsageError(
            f"No rule is called {quote(code)}.",
            try_=f"Known: {listing([one.rule.code for one in detectors], limit=60)}.",
        )
    return f"{found.rule.code} {found.rule.name} ({found.rule.severity})\n\n{found.page}\n"
