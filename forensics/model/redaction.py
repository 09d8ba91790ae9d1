"""Secrets in foreign text, by the shapes of well-known tokens."""

import re

REDACTED = "[redacted]"

# In order: private keys, to their end or the text's; vendors' tokens, by prefix and least length; credentials in
# addresses; `Authorization` values; values assigned to telling names; the same as command-line options.
# An unmistakable prefix (`sk-ant-`, `ghp_`) counts anywhere, another one only where a word begins: `task-list-of-all-the-files`
# is not an `sk-` key. An escaped line end and a colour code end in a letter, and a word begins behind them too.
# Assigned values need a digit or a sign, because `token: string` is code; what is redacted already is left alone.
_SECRETS = re.compile(
    r"""
    -----BEGIN[A-Z0-9 ]*PRIVATE\ KEY(?:\ BLOCK)?-----.*?(?:-----END[A-Z0-9 ]*PRIVATE\ KEY(?:\ BLOCK)?-----|$)
    | (?:sk-(?:ant|proj|or)|sk_live|gh[pousr]|github_pat|glpat)[-_][\w-]{20,}
    | (?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=\[\dm)|(?<=\d\dm))(?:sk|rk|pk)[-_](?:(?:live|test|ant|proj|or)[-_])?[A-Za-z0-9_-]{20,}
    | (?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=\[\dm)|(?<=\d\dm))(?:
        gh[pousr]_[A-Za-z0-9]{20,} | github_pat_\w{20,} | glpat-[\w-]{16,} | glsa_\w{20,} | xox[abeprs]-[A-Za-z0-9-]{10,}
      | xapp-[A-Za-z0-9-]{10,} | hf_[A-Za-z0-9]{20,} | npm_[A-Za-z0-9]{30,} | pypi-[\w-]{30,} | dop_v1_[a-f0-9]{30,}
      | shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{20,} | hvs\.[\w-]{20,} | dckr_pat_[\w-]{20,} | AGE-SECRET-KEY-[A-Z0-9]{20,}
      | SG\.[\w-]{10,}\.[\w-]{10,} | ya29\.[\w-]{20,} | (?:AKIA|ASIA)[0-9A-Z]{16} | AIza[\w-]{30,}
      | eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{4,}
      )
    | (?<=://)[^\s/:@]{0,100}:[^\s/@]{2,200}(?=@|$)
    | (?i:\b(?:bearer|basic)\s+)(?=[\w.~+/-]{12})[\w.~+/-]+=*
    | (?i:(?:password|passwd|pwd|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|account[_-]?key|private[_-]?key)
        ["']?\s*[=:]\s*["']?)(?!\[redacted\])(?=[^\s"'`,;&]*[0-9!@\#$%^*_+/-])[^\s"'`,;&]{6,}
    | (?i:--?(?:password|token|secret|api-key)[ =])[^\s"'`]{4,}
    """,
    re.VERBOSE | re.DOTALL,
)


def redact(text: str) -> str:
    """Return text with every secret of a known shape replaced."""
    # No secret of a known shape is shorter; most of the strings that come here are (ids, statuses).
    return _SECRETS.sub(REDACTED, text) if len(text) > 7 else text
