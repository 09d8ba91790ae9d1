"""Shares of a whole, and how sure they are."""

from math import sqrt

from forensics.model.weekly import Measure

# The standard normal quantile for 95 % confidence.
_Z = 1.959964
# Below this sample size a change is not interpreted: one step more or less moves a share by a tenth.
FEW = 10
COUNTED = frozenset(
    {"steps_planned", "steps_reported", "steps_verified", "isolation_incidents", "findings", "findings_new",
     "findings_recurring", "findings_gone", "concurrency", "cost_usd", "tokens", "sessions", "pulls", "claims_true", "claims_false",
     "claims_unknown"}
)  # fmt: skip


def share(name: str, part: int, whole: int, missing: int = 0) -> Measure:
    """Return a proportion with its Wilson interval; None of nothing."""
    if not whole:
        return Measure(name, None, 0, missing)
    low, high = wilson(part, whole)
    return Measure(name, round(part / whole, 4), whole, missing, low, high)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the bounds of a proportion with 95 % confidence; they hold for few things, and for none or all of them."""
    seen = part / whole
    middle = (seen + _Z**2 / (2 * whole)) / (1 + _Z**2 / whole)
    spread = _Z / (1 + _Z**2 / whole) * sqrt(seen * (1 - seen) / whole + _Z**2 / (4 * whole**2))
    return round(max(0.0, middle - spread), 4), round(min(1.0, middle + spread), 4)


def note(now: Measure, before: Measure) -> str:
    """Return what a change is worth: too few to tell, or within chance for a proportion; "" if it is significant.

    A count rests on nothing but itself, so nothing is said of it.
    """
    if now.value is None or before.value is None or now.name in COUNTED:
        return ""
    if min(now.n, before.n) < FEW:
        return f"too few to tell: {now.n} now, {before.n} before"
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return ""
    return "within chance" if now.low <= before.high and before.low <= now.high else ""
