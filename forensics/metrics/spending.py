"""What some rows of usage cost, for a model, a plan or a session."""

import pandas as pd

from forensics.metrics.weekly_measures import cache_share, cost
from forensics.model.weekly import Spend


def spend(name: str, usage: pd.DataFrame, done: int) -> Spend:
    """Return what usage cost, beside how many steps were verified."""
    spent = cost(usage)
    return Spend(
        name=name,
        tokens=int(usage["tokens"].sum()) if len(usage) else None,
        cache_share=cache_share(usage),
        cost_usd=spent,
        unpriced=int(usage["cost_usd"].isna().sum()),
        verified=done,
        cost_per_verified_step=round(spent / done, 6) if spent is not None and done else None,
    )
