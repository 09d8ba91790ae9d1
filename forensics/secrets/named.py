"""Values behind telling names: `DB_PASSWORD=…`, `"token": "…"`, `--api-key …`. gitleaks' own rule for them takes commit ids too."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.secrets.engine import compiled
from forensics.secrets.values import (
    ENDINGS,
    entropy,
    is_code,
    is_commit_like,
    is_identifier,
    is_path,
    is_placeholder,
    is_uuid,
    is_words,
    looks_random,
)

# Words that make a name telling; they are keywords, too.
KEYWORDS = ("pass", "pwd", "secret", "token", "key", "credential", "creds", "auth", "jwt", "salt", "dsn", "pw")
_WORDS = (
    r"pass(?:w(?:or)?d|phrase|code|w)?|pwd|secret|token|key|credentials?|creds|auth(?:orization|token)?|jwt|salt|dsn|pw"
)
# A name, and what joins it to a value: a sign, in code, data, headers and tables; `value`, in lists of settings; or *is*.
_NAME = compiled(
    rf"(?i)(?:{_WORDS})[\w.-]{{0,40}}(?:[\"'\x60\]}}]{{0,3}}[ \t]{{0,3}}(?:===?|=>|:=|\|\||\?=|[=:|>]\s?\[?)"
    r"|[\"'\x60]?,?\s{1,20}[\"']?value[\"']?\s?[:=]|[\"'\x60]\s?,|\s(?:is|was)\s)[ \t]{0,3}"
)
# The name of an option, which a space may join to its value.
_OPTION = compiled(rf"(?i)\s--?[\w-]{{0,40}}(?:{_WORDS})[\w-]{{0,20}}[ \t]{{1,3}}")
# The rest of a name around that word, at most so far in front of it.
_NAME_SIGNS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"
_BEFORE = 60
_AFTER = compiled(r"\s?[\w.-]*")
# Values end with their quote, or unquoted at a space or a sign of code. So many bytes of them are looked at.
_LONGEST = 4_000
_JUDGED = 480
_BARE = re.compile(rb"(?:[^\s\"'`,;&|<>\\]|\\(?![nrtux\"'\\/])){1,500}")
_TAIL = re.compile(rb"[^\s\"'`,;&|<>\\]*")
_TRAIL = b".,:!?)]}"

# Behind these names any value is a secret that is not a word, code or a placeholder.
_STRONG = compiled(
    r"(?i)passw|passphrase|passcode|[_.-]pass$|[a-z]Pass$|pwd|(?:^|[_.-])pw$|secret|credential|jwt"
    r"|(?:api|access|account|private|signing|encryption|encrypt|master|app|auth|client|service|shared|storage|session|webhook"
    r"|license|deploy|admin|root|host|consumer|subscription)[_.-]?key|(?:access|auth|refresh|bearer|api|bot|id|private|vault)[_.-]?token"
)
_PASSWORD = compiled(
    r"(?i)passw|passphrase|passcode|[_.-]pass$|[a-z]Pass$|(?:^|_|-)pwd$|(?:^|[_.-])pw$|(?:db|user|sa|root|admin)pwd$"
)
# Names of things about a secret, or of other keys: `token_file`, `max_tokens`, `primary_key`, `api_key_id`, `password_policy`.
_ABOUT = compiled(
    r"(?i)[_.-]?(?:file|path|dir|url|uri|endpoint|name|ids?|type|length|len|size|count|limit|field|prefix|suffix|version|label|alias"
    r"|index|expir\w*|ttl|at|env|var|stdin|policy|regex|pattern|format|placeholder|hint|errors?|status|required|rotation|manager"
    r"|usage|budget|window|board|word|code|down|up|press|frame|map|error|test|tests|screen|page|form|reset|handler|service|provider"
    r"|store|ring|pair|fd|ref|alg\w*|hash|digest|ing|ed|izer|ized|or|ors|ity|enticat\w*)\z"
    rf"|(?:token|key|secret|password)s\z|\.(?:{ENDINGS})\z"
)
_OTHER_KEY = compiled(
    r"(?i)(?:(?:^|[_.-])(?:pub|public|primary|foreign|cache|sort|partition|group|composite|unique|hot|map|dict|object|row|lookup|i18n|translation|react"
    r"|storage|query|idempotency|max|min|num|input|output|prompt|cached|total)[_.-]?|mon|tur|hoc|joc|whis|don|by|com|pub)\z"
)
# Words behind a password's colon that are not a password: types, states, prose.
_PROSE = compiled(
    r"(?i)str(?:ing)?|bytes?|int|bool(?:ean)?|any|object|number|null|nil|none|undefined|true|false|yes|no|ok|on|off|set|unset|empty|missing"
    r"|required|optional|invalid|incorrect|wrong|expired|valid|hidden|masked|unknown|password|passwd|secret|token|text|varchar|char|type"
    r"|required_?\w*|the|a|an|is|was|for|and|or|not|must|should|see|use|from|in|to|this|that|new|old|hash|hashed|changed|updated|added"
    r"|removed|reset|fixed|done|failed|passed|default|field|input|self|const|let|var|await|async|return|secretstr|generated|your\w*|my\w*"
    r"|instead|together|flags?|options?|arguments?|values?|parameters?|files?|with|without|when|if|then|works?|takes?|only|also|support\w*"
)

_PASSWORD_LAST = compiled(r"(?i)pass(?:word|code|phrase|w)\z")
_WORD = compiled(rf"(?i){_WORDS}")
_OWN_TOKEN = compiled(r"(?i)[a-z]{3}[_.-]?(?:token|key)\z")  # `NPM_TOKEN`, `heroku-key`: some vendors' keys are UUIDs
_DIGIT_AND_SIGN = compiled(r"\d\w*[^\w\s.,]|[^\w\s.,:'-]\w*\d")
_VARIABLE = compiled(r"[A-Z][A-Z0-9]*_[A-Z0-9_]*(?:TOKEN|KEY|AUTH)")
_LETTERS = compiled(r"[A-Za-z_]+")
_SECRET_WORD = compiled(r"(?i)pass|pwd|secret|token|key")
# Joints that say little: *is* in prose, the next cell of a table, where a step's commit or a file's name can stand as well.
_LOOSE = compiled(r"\s(?:is|was)\s|\|\s*\z")
_AUTHOR = compiled(r"(?i)auth(?:or(?:[^i]|i?\z|i[^z])|en)")


def named_values(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield where values stand that are secrets by their names."""
    for form in (_NAME, _OPTION) if b"-" in text else (_NAME,):
        taken = 0
        for match in form.finditer(text):
            if match.start() < taken:
                continue
            setting = _setting(text, match.start(), match.end())
            if setting and _is_secret(setting):
                # What is judged has a limit, because much of `key:key:key:…` is judged again and again; what is redacted has none.
                longer = setting.end - setting.begin >= _JUDGED and not setting.quote
                taken = _TAIL.match(text, setting.end).end() if longer else setting.end  # type: ignore[union-attr]
                yield setting.begin, taken


class _Setting(NamedTuple):
    """A name, what joins it to a value, and the value: where it is, in which quotes, what follows it, and whether a call begins before the name."""

    name: bytes
    joint: bytes
    begin: int
    end: int
    value: bytes
    quote: bytes
    behind: bytes
    opened: bool

    @property
    def sure(self) -> bool:
        """Whether it is a setting, not prose: `name: value` is also how reports list steps with their commits."""
        return self.quote in (b'"', b"'") or b"=" in self.joint or self.joint.lstrip().startswith(b"-")


def _setting(text: bytes, start: int, end: int) -> _Setting | None:
    """Return the setting whose telling word is at a place; None if it has no value or is a shell's default (`${TOKEN:-none}`)."""
    joint = text[start:end]
    quote = text[end : end + 1]
    closed = text.find(quote, end + 1, end + _LONGEST) if quote in (b'"', b"'", b"`") else -1
    if closed > end + 1 and b"\n" not in text[end:closed]:
        begin, value = end + 1, text[end + 1 : closed]
    else:
        bare = _BARE.match(text, end + 1 if quote in (b'"', b"'", b"`") else end)
        begin, value, quote = (bare.start(), bare[0].rstrip(_TRAIL), b"") if bare else (end, b"", b"")
        if len(value) < 16 and b"..." in (bare[0] if bare else b""):
            return None  # `sk-ant-...` is an example
    before = text[max(0, start - _BEFORE) : start]
    first = start - len(before) + len(before.rstrip(_NAME_SIGNS))
    if not value or text[max(0, first - 2) : first] == b"${":
        return None
    after = _AFTER.match(joint)
    name = text[first:start] + (after[0] if after else b"")
    last = begin + len(value)
    return _Setting(
        name,
        joint,
        begin,
        last,
        value,
        quote,
        text[last : last + 1],
        name[:2] == b"--" or text[max(0, first - 2) : first - 1] == b"(",
    )


def _is_secret(setting: _Setting) -> bool:
    """Return whether a value is a secret, by its name and how it is joined to it."""
    value, name = setting.value, setting.name.strip(b"-_. ")
    if len(value) < 4 or is_placeholder(value) or not _is_joined(setting):
        return False
    if not _is_telling(name.rstrip(b"s") if b"[" in setting.joint else name):  # `tokens: ["…"]`
        return False
    strong = _STRONG.search(name) is not None
    if is_uuid(value) and (setting.sure or setting.quote) and _OWN_TOKEN.search(name):
        return True
    if is_commit_like(value):
        # `GITHUB_TOKEN=…` is an old token of forty digits; `token=…` in a report is a step's name and its commit.
        return setting.sure and (strong or (b"=" in setting.joint and _VARIABLE.fullmatch(name) is not None))
    if not strong or _LOOSE.search(setting.joint):
        # gitleaks asks for 3.5 bits of any ten characters; names of branches and tests have as much, so words are excluded first.
        return looks_random(value) and entropy(value) >= 3.2
    return _is_strong_value(name, setting)


def _is_joined(setting: _Setting) -> bool:
    """Return whether a doubtful sign joins a name to its value: `<password>x</password>`, `define('KEY', 'x')`."""
    joint = setting.joint.rstrip()
    if joint.endswith(b">") and not joint.endswith(b"=>"):
        return setting.behind == b"<"
    if not joint.endswith(b","):
        # `pass: 42` is what test runners print.
        return setting.quote in (b'"', b"'") or b"=" in joint or setting.name.lower() != b"pass"
    return setting.quote in (b'"', b"'") and setting.quote in joint and setting.opened


def _is_telling(name: bytes) -> bool:
    """Return whether a name is that of a secret, not of something about one (`token_file`) nor of another key (`primary_key`)."""
    if _AUTHOR.search(name) or (_ABOUT.search(name) and not _PASSWORD_LAST.search(name)):
        return False
    word = _WORD.search(name)
    return not (word and _OTHER_KEY.search(name[: word.start()]))


def _is_strong_value(name: bytes, setting: _Setting) -> bool:
    """Return whether a value behind a strong name is a literal."""
    value = setting.value
    if is_path(value) or (setting.quote in (b"", b"`") and is_code(value)):
        return False
    password = _PASSWORD.search(name) is not None
    if b" " in value and not (password and _is_phrase(name, value)):
        return False
    if not password and not setting.quote and is_identifier(value):
        return False
    if _LETTERS.fullmatch(value):
        close = setting.sure and (setting.quote != b"" or not setting.joint.endswith(b"= "))
        return _is_letters_secret(password, value, close, setting.behind)
    if value.isdigit():
        return len(value) >= (4 if password else 8)
    if is_uuid(value):
        return setting.sure
    # In a call's arguments and in code spans of prose, names stand more often than values.
    doubtful = setting.quote == b"`" or setting.joint.rstrip().endswith(b",")
    return not is_words(value) or (password and setting.sure and not doubtful)


def _is_letters_secret(password: bool, value: bytes, close: bool, behind: bytes) -> bool:
    """Return whether letters alone are a secret: behind a password's name, where neither a type nor prose is meant."""
    if _PROSE.fullmatch(value) or _SECRET_WORD.search(value):
        return False
    if not password:
        return looks_random(value)
    return close or (behind in (b"", b"\n", b"\r") and len(value) >= 6)


def _is_phrase(name: bytes, value: bytes) -> bool:
    """Return whether several words are a secret: a passphrase, or few words with a digit. Forms say *must have 8 characters*."""
    return b"phrase" in name.lower() or (value.count(b" ") < 3 and _DIGIT_AND_SIGN.search(value) is not None)
