"""What is redacted, what stays, and how long it takes."""

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.secrets.redaction import redact
from tests.secrets.shapes import filled

KEY = "-----BEGIN RSA PRIVATE KEY-----"
END = "-----END RSA PRIVATE KEY-----"
BODY = "MIIEpAIBAAKCAQEA" * 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # The name stays, so that a reader knows what was there.
        ("DB_PASSWORD=hunter22", "DB_PASSWORD=[redacted]"),
        ("password=hunterhunter", "password=[redacted]"),
        (f'PRIVATE_KEY="{KEY}\\n{BODY}\\n{END}" next', 'PRIVATE_KEY="[redacted]" next'),
        (f"+{KEY}\n+{BODY}\n+{BODY[:20]}", f"+{KEY}\n+[redacted]"),
        ("https://u:hunter2xx@h/x", "https://u:[redacted]@h/x"),
        ("curl -u me:hunter22 https://h", "curl -u me:[redacted] https://h"),
        ("password%3Dhunter22%26x", "password%3D[redacted]%26x"),
        ("{&quot;password&quot;: &quot;hunter22&quot;}", "{&quot;password&quot;: &quot;[redacted]&quot;}"),
        ('"{\\"password\\":\\"hunter22\\"}"', '"{\\"password\\":\\"[redacted]\\"}"'),
        ("pass\u200bword=hunter\u200b22", "pass\u200bword=[redacted]"),
        ("--password \x1b[1mhunter22\x1b[0m x", "--password \x1b[1mhunter22\x1b[0m x"),
        ("run --password hunter22 x", "run --password [redacted] x"),
        ("Größe, password=hunter22, Übung", "Größe, password=[redacted], Übung"),
        ("\ud800 password=hunter22 \udfff", "\ud800 password=[redacted] \udfff"),
    ],
)
def test_secrets_are_redacted(text: str, shown: str) -> None:
    assert redact(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        f"input must start with `{KEY}` (armor), else it is rejected",
        f"{KEY} header missing, so the file is not a key",
        "Co-authored-by: someone1ddc447d824349b2 <a@example.org>",
        "All 5 tests pass: share_ref_32_hex_chars",
        "| T1 | PASS | `backfill.test.ts:41` |",
        "fields: `generic_secret`, `x509_cert`, `pgp_key`",
        "`--passphrase-fd > --passphrase-file > ENV`",
        "ANTHROPIC_API_KEY=sk-ant-...",
        "open http://localhost:3000",
    ],
)
def test_evidence_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("cut", range(8, 44))
@pytest.mark.parametrize(
    "shape", ["Use ghp_<alnum*36>", "at https://me:<alnum*36>", "run PASSWORD=<alnum*36>", "curl -u me:<alnum*36>"]
)
def test_a_secret_cut_off_is_redacted(shape: str, cut: int) -> None:
    text, (secret,) = filled(shape, Random(cut))  # noqa: S311
    begin = text.index(secret)
    assert secret[:4] not in redact(text[: begin + cut - 4]), redact(text[: begin + cut - 4])


@given(st.text(alphabet="password=:\"'\\n&%;{}[]()|-_ abT09/@\x1b", max_size=120))
def test_redaction_is_stable_on_any_text(text: str) -> None:
    shown = redact(text)
    assert redact(shown) == shown


PUMPED = (
    "password=", "(secret=", '"password": ', "-----BEGIN PRIVATE KEY-----", f"{KEY}\n{BODY}\n", "://", "://a:", "a:b@", "token ", "key=key:", "apikey:", "accountkey:", "--with-token:", "secret: '",
    "curl -u ", "curl\n", "Cookie: a=b; ", "a=b; ", "authorization: ", "bearer ", "%25", "\\\\", '\\"', "&amp;", "&#34;", "\x1b[1m", "\u200b", "kind: secret data: ",
    "kty", "eyJ", "eyJaaaaaaaa.", "sk-", "a", "_", "-", " ", "\n", "=", ".", "0", "a.", "A1", "--token ", "mysql -p ", "echo a | ", "mnemonic: ", "apple ",
    "aaa-", "'", '"', "`", "Proc-Type: ", "login a ", "x=[redacted]", "secret_key = '", "adafruit", "adafruit=", "jira ", "sourcegraph ", "AKIA",
)  # fmt: skip
SMALL, FACTOR = 20_000, 8
# Twice what linear growth takes, because processor time varies on a busy machine; a quadratic one takes 64 times.
MOST = FACTOR * 2.5


@pytest.mark.parametrize("piece", PUMPED, ids=repr)
def test_time_grows_linearly(piece: str) -> None:
    small, large = (piece * (size // len(piece)) for size in (SMALL, SMALL * FACTOR))
    redact(small)
    for _ in range(3):
        if _spent(large) < MOST * max(_spent(small), 0.002):
            return
    raise AssertionError((_spent(small), _spent(large)))


def _spent(text: str) -> float:
    """Return seconds of processor time."""
    begin = time.process_time()
    redact(text)
    return time.process_time() - begin
