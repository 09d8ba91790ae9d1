"""What a value looks like: random as a secret, a commit id, a word, code."""

from collections import Counter
from math import log2

from forensics.secrets.engine import compiled

# Abbreviated and whole commit ids are evidence. 32 digits are a key or a digest, and nobody abbreviates to more than 16.
_COMMIT = compiled(r"[0-9a-f]{7,16}|[0-9a-f]{40}")
_UUID = compiled(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What stands where a secret would: masks, variables, templates, angle brackets. `[redacted]` is ours; other tools write it, too.
_PLACEHOLDER = compiled(
    r"(?i)\$\w+|\$?\{.*|\$\(.*|%\w+%|<.*|\[?redacted[^\]]{0,40}\]?|.{0,16}\.\.\.|\*+|\.+|x{3,}|-+|_+|your[-_].*|change[-_]?me|example.*|@\w+@"
)
# `get_token()`, `os.environ[...]`, `Optional[str]`, `settings.SECRET`, `process.env.TOKEN`, `(x`, `=>`, `jwt@9.0.2`: code, in reports and commands.
_CODE = compiled(
    r"[A-Za-z_][\w.:?!]*[(\[].*|:.*|[\w/@.-]{1,100}@[\^~]?\d+(?:\.\d+)+|[\^~v]{0,2}\d{1,4}(?:\.\d{1,4}){1,3}|@[\w.-]+/.*|[A-Za-z_]\w*(?:(?:::|->)[A-Za-z_]\w*)+|[A-Za-z_]+(?:(?:\??\.|::|->)[A-Za-z_]+)+[!?]?|[(=>\[{].*|&\w+|\w+!"
)
# Paths and addresses: `pwd=/home/me/repo`, `secrets/prod.yaml`. An address's own credentials have rows. One key in base64 of 64
# begins with a slash, so the first folder must be a word.
_PATH = compiled(
    r"(?:~|\.{1,2})/.*|/(?:[a-z._-]{2,}|Users|Volumes|Applications|Library)(?:/.*)?|[A-Za-z]:\\.*|[a-z][a-z+]*://.*"
)
ENDINGS = "rs|pyi?|tsx?|jsx?|mjs|go|md|rb|java|kts?|swift|php|cs|cpp|c|h|sh|ya?ml|json|toml|txt|sql|html|css|vue|dart|pem|crt|lock|log"
_FILE = compiled(rf"[\w@.-]+(?:/[\w@.-]+)*\.(?:{ENDINGS})")
_WORDS_PATH = compiled(r"[a-z][a-z_-]*(?:/[a-z][a-z_-]*)+/?")
# `task-list-of-all-the-files`, `test_refresh_token_v2`, `sha512-…`, `refs/heads/x`: words joined by signs, versions aside.
_JOINED = compiled(
    r"(?:[A-Za-z]+|[A-Za-z]{2,}\d{1,2}|v?\d{1,4}|20\d{6})(?:[-_.:/+~]+(?:[A-Za-z]+|[A-Za-z]{2,}\d{1,2}|v?\d{1,4}|20\d{6}))*"
)
_REDACTED = b"[redacted]"
_DIGEST = compiled(r"(?:sha\d{1,3}|md5|blake\w+)[-:=].*")

_NUMBERED = compiled(r"[A-Za-z_]{2,}\d{1,5}[A-Za-z_]{3,}")
_LETTERS = compiled(r"[A-Za-z]+")
_PARTS = compiled(r"[A-Z]?[a-z]+|[A-Z]+")
_DIGIT_OR_CASE = compiled(r"\d|[a-z][A-Z]|[A-Z]{2}[a-z]")


def entropy(value: bytes) -> float:
    """Return Shannon's entropy in bits per character, as gitleaks counts it."""
    return -sum(n / len(value) * log2(n / len(value)) for n in Counter(value).values()) if value else 0.0


def is_commit_like(value: bytes) -> bool:
    """Return whether a value could be a commit id."""
    # Decimal digits alone are an abbreviation only if they are few: clients of chats and trackers have numbers of 16.
    return _COMMIT.fullmatch(value) is not None and not (value.isdigit() and len(value) > 12)


def is_uuid(value: bytes) -> bool:
    """Return whether a value is a UUID: sessions, agents and tasks have such names."""
    return _UUID.fullmatch(value) is not None


def is_placeholder(value: bytes) -> bool:
    """Return whether a value stands for a secret that is not there."""
    # Part of a value may be redacted already; a few characters beside it are a name or a sign.
    rest = value.replace(_REDACTED, b"")
    return (rest != value and len(rest) < 8) or _PLACEHOLDER.fullmatch(value) is not None


def is_code(value: bytes) -> bool:
    """Return whether a value is an expression, a path or an address rather than a literal."""
    if _FILE.fullmatch(value):
        return b"/" in value or is_words(value)  # a key can end in `.md` where a user names a file so
    return any(form.fullmatch(value) for form in (_CODE, _PATH, _WORDS_PATH))


def is_path(value: bytes) -> bool:
    """Return whether a value is a path or an address."""
    return _PATH.fullmatch(value) is not None


def is_words(value: bytes) -> bool:
    """Return whether a value is made of words, as the names of tests, branches and files are."""
    if not _JOINED.fullmatch(value):
        return False
    # `aB3dE5fG7h` is letters and digits too: in words, few digits stand and case changes only where a word begins.
    return all(_is_word(word) for word in _LETTERS.findall(value))


def is_identifier(value: bytes) -> bool:
    """Return whether a value is a name in code with a number inside: `Uint8Array`, `ed25519Seed`."""
    return _NUMBERED.fullmatch(value) is not None and all(_is_word(word) for word in _LETTERS.findall(value))


def _is_word(word: bytes) -> bool:
    """Return whether letters are written as in a word: one case, a capital first, or camelCase of readable parts."""
    return len(_PARTS.findall(word)) <= 1 + len(word) // 4


def looks_random(value: bytes) -> bool:
    """Return whether a value's shape alone shows a secret: long, with digits or changing case, not an id or words."""
    if (
        len(value) < 12
        or any(sign in value for sign in (b" ", b"<"))
        or is_commit_like(value)
        or is_uuid(value)
        or is_placeholder(value)
        or is_code(value)
    ):
        return False
    if _DIGEST.match(value) or is_words(value):
        return False
    # Three bits per character exclude `aaaaaaaa1`, dates and counters; random letters and digits have more from twelve on.
    return has_digit_or_case(value) and entropy(value) >= 3.0


def has_digit_or_case(value: bytes) -> bool:
    """Return whether a value has a digit, or capitals inside: long names behind a vendor's name have neither."""
    return _DIGIT_OR_CASE.search(value) is not None
