"""The kinds of secrets in the corpus: gitleaks' rules, our rows' examples, and values behind names."""

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple
from zlib import crc32

import re2

from forensics.secrets.rows import ROWS
from forensics.secrets.values import entropy
from tests.secrets.shapes import filled, matching
from tests.unpack import ROOT

LISTED: list[dict[str, Any]] = json.loads((ROOT / "forensics/secrets/gitleaks.json").read_text())["rules"]
# Rules about whole commands and tags: their expressions match too much to make texts of. Shapes stand for them below.
BY_HAND = {"curl-auth-header", "nuget-config-password", "freemius-secret-key", "sentry-org-token"}
# Its third form is any forty hexadecimal digits in a text with the vendor's name: commit ids, which stay.
COMMIT_IDS = {"sourcegraph-access-token"}


class Kind(NamedTuple):
    """One kind: under which name, the text that is put behind it, and the secrets in that text. `whole`: it is more than a value."""

    id: str
    source: str
    name: str
    text: str
    secrets: tuple[str, ...]
    whole: bool = False


def kinds() -> list[Kind]:
    """Return all kinds, with the same values each time."""
    return [*_gitleaks(), *_rows(), *_named(), *_texts()]


def _gitleaks() -> Iterator[Kind]:
    for rule in LISTED:
        if rule["id"] in BY_HAND:
            continue
        random = Random(crc32(rule["id"].encode()))  # noqa: S311  not for security: the same texts in each run
        expression = re2.compile(rule["regex"])
        for _ in range(500):
            text, groups = matching(rule["regex"], random)
            value = groups.get(rule["group"] or 1, "")
            value = value if len(value) > 5 else text
            named = "(?:=|>|:{1,3}=|" in rule["regex"]
            name = re.match(r"[\w.-]*", text)[0].rstrip("_.-") + "_key" if named else "value"  # type: ignore[index]
            if not named and not any(word in text.lower() for word in rule["keywords"]):
                named, name = True, rule["keywords"][0] + "_key"
            around = value if named or len(text) - len(value) < 3 else text
            bare = f'{name} = "{value}"' if named else around
            unlike = not re.fullmatch("[0-9a-f]{40}", value) if rule["id"] in COMMIT_IDS else True
            digit = not named or re.search(r"\d", value)
            if expression.search(bare) and entropy(value.encode()) >= rule["entropy"] and unlike and digit:
                yield Kind(rule["id"], "gitleaks", name if named else "value", around, (value,), whole=around != value)
                break
        else:
            raise AssertionError(rule["id"])


def _rows() -> Iterator[Kind]:
    for number, row in enumerate(ROWS):
        if row.pattern.endswith(("$", r"\.\.\.)?\z")):
            continue  # only at a text's end
        random = Random(number)  # noqa: S311
        text, secrets = filled(row.example, random)
        yield Kind(
            f"row-{number} {row.seen}", "rows", "value", text, secrets, whole=" " in text or "=" in text or "{" in text
        )


# Names and shapes of values as agents print them: settings, fixtures, logs.
NAMED = (
    ("DB_PASSWORD", "<letters*12>"), ("password", "<signs*16>"), ("PGPASSWORD", "<alnum*10>"), ("MYSQL_ROOT_PASSWORD", "<lownum*9>"),
    ("db_pass", "<alnum*10>"), ("SMTP_PASS", "<signs*14>"), ("userPassword", "<alnum*12>"), ("passphrase", "<alnum*20>"),
    ("admin_pwd", "<alnum*9>"), ("adminpassword", "<digit*8>"), ("AWS_SECRET_ACCESS_KEY", "<b64*40>"), ("aws_session_token", "<b64*300>"),
    ("client_secret", "<alnum*32>"), ("clientSecret", "<hex*32>"), ("API_KEY", "<hex*32>"), ("apiKey", "<alnum*24>"),
    ("x-api-key", "<alnum*40>"), ("OPENAI_API_KEY", "<alnum*51>"), ("MISTRAL_API_KEY", "<alnum*32>"), ("TOGETHER_API_KEY", "<hex*64>"),
    ("SECRET_KEY", "<signs*50>"), ("secret_key_base", "<hex*128>"), ("RAILS_MASTER_KEY", "<hex*32>"), ("APP_KEY", "base64:<b64*43>="),
    ("JWT_SECRET", "<alnum*48>"), ("NEXTAUTH_SECRET", "<b64*44>"), ("ENCRYPTION_KEY", "<b64*43>="), ("SIGNING_KEY", "<hex*64>"),
    ("WEBHOOK_SECRET", "<alnum*32>"), ("SESSION_SECRET", "<lownum*24>"), ("COOKIE_SECRET", "<alnum*32>"), ("access_token", "<alnum*64>"),
    ("refreshToken", "<alnum*43>"), ("auth_token", "<alnum*32>"), ("BOT_TOKEN", "<alnum*46>"), ("NPM_TOKEN", "<hex*8>-<hex*4>-<hex*4>-<hex*4>-<hex*12>"),
    ("VAULT_TOKEN", "<alnum*26>"), ("CI_JOB_TOKEN", "<alnum*20>"), ("AZURE_CLIENT_SECRET", "<alnum*40>"), ("ARM_ACCESS_KEY", "<b64*86>=="),
    ("SharedAccessKey", "<b64*43>="), ("private_key", "<hex*64>"), ("DEPLOY_KEY", "<alnum*36>"), ("LICENSE_KEY", "<upnum*5>-<upnum*5>-<upnum*5>-<upnum*8>"),
    ("token", "<alnum*32>"), ("auth", "<b64*40>"), ("credentials", "<alnum*30>"), ("DATADOG_APP_KEY", "<hex*32>"),
)  # fmt: skip


def _named() -> Iterator[Kind]:
    for number, (name, shape) in enumerate(NAMED):
        text, _ = filled(shape, Random(1000 + number))  # noqa: S311
        yield Kind(name, "names", name, text, (text,))


# Whole texts: commands, addresses, files.
TEXTS = (
    ("curl-auth-header", 'curl -s -H "Authorization: Bearer <alnum*40>" https://example.org'),
    ("curl-auth-user", 'curl -u "me:<alnum*12>" https://example.org'),
    ("nuget-config-password", '<add key="ClearTextPassword" value="<alnum*14>" />'),
    ("freemius-secret-key", "'secret_key' => 'sk_<alnum*29>'"),
    ("sentry-org-token", "sntrys_eyJpYXQiO<alnum*60>LCJyZWdpb25fdXJs<alnum*60>_<alnum*43>"),
    ("generic-api-key", 'some_service_key = "<alnum*30>"'),
    ("hashicorp-tf-password", 'administrator_login_password = "<alnum*16>"'),
    ("kubernetes-secret-yaml", "kind: Secret\napiVersion: v1\ndata:\n  user: <b64*16>\n  other: <b64*24>"),
    ("connection string", "Server=db;Database=x;User Id=app;Password=<alnum*14>;Encrypt=True"),
    ("redis address", "redis://:<alnum*20>@cache.example.org:6379/0"),
    ("amqp address", "amqp://app:<signs*14>@mq.example.org/vhost"),
    ("mongo address", "mongodb+srv://app:<alnum*18>@c0.example.org/x?retryWrites=true"),
    ("remote with a job's token", "https://gitlab-ci-token:<alnum*20>@git.example.org/x.git"),
    ("remote with a user's token", "https://x-access-token:<alnum*40>@git.example.org/x.git"),
    ("proxy", "http_proxy=http://me:<alnum*10>@proxy.example.org:3128"),
    ("query", "https://api.example.org/v1?user=1&api_key=<alnum*32>&page=2"),
    ("access token in a query", "https://api.example.org/v1?access_token=<alnum*60>"),
    ("digest of a login", "Authorization: Basic <b64*24>=="),
    ("bearer in lower case", "authorization: bearer <lownum*40>"),
    ("bearer in a dictionary", "{'Authorization': 'Bearer <alnum*43>'}"),
    ("api key header", "X-API-Key: <alnum*32>"),
    ("vault header", "X-Vault-Token: <alnum*26>"),
    ("forge header", "PRIVATE-TOKEN: <alnum*20>"),
    ("cookie", "Set-Cookie: session=<alnum*40>; Path=/; HttpOnly"),
    ("npmrc", "//registry.example.org/:_authToken=<alnum*36>"),
    ("npmrc password", "//registry.example.org/:_password=<b64*24>=="),
    ("pip", "index-url = https://me:<alnum*16>@pypi.example.org/simple"),
    ("docker config", '{"auths": {"r.example.org": {"auth": "<b64*40>"}}}'),
    ("maven settings", "<server><id>x</id><password><alnum*14></password></server>"),
    ("gradle", "signing.password=<alnum*14>"),
    ("list of settings", '[{"name": "DB_PASSWORD", "value": "<alnum*16>"}]'),
    ("list of settings in YAML", "- name: DB_PASSWORD\n  value: <alnum*16>"),
    ("php constant", "define('DB_PASSWORD', '<alnum*16>');"),
    ("python call", 'login(user="me", password="<alnum*12>")'),
    ("dictionary of a program", "config['api_key'] = '<alnum*32>'"),
    ("setter", 'os.environ["SERVICE_API_KEY"] = "<alnum*32>"'),
    ("prose", "The admin password is <signs*16> for now"),
    ("compose", "environment:\n  - POSTGRES_PASSWORD=<alnum*12>"),
    ("dotenv", "A=1\nSTRIPE_WEBHOOK_SECRET='<alnum*32>'\nB=2"),
    ("ini", "[db]\npassword = <alnum*12>\nport = 1"),
    ("properties", "spring.datasource.password=<alnum*12>"),
    ("toml", '[tool.x]\ntoken = "<alnum*40>"'),
    ("terraform", 'variable "x" {\n  db_password = "<alnum*14>"\n}'),
    ("option with equals", "deploy --token=<alnum*32> --dry-run"),
    ("option with a space", "deploy --api-key <alnum*32> --dry-run"),
    ("option in short", "psql-import -h db --password <letters*12>"),
    ("wget", "wget --user me --http-password=<alnum*12> https://example.org"),
    ("key in a setting", 'PRIVATE_KEY="-----BEGIN EC PRIVATE KEY-----\\n<b64*160>\\n-----END EC PRIVATE KEY-----"'),
    ("key of an SSH client", "-----BEGIN OPENSSH PRIVATE KEY-----\n<b64*70>\n<b64*70>\n-----END OPENSSH PRIVATE KEY-----"),
    ("key of PGP", "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n<b64*64>\n-----END PGP PRIVATE KEY BLOCK-----"),
    ("key cut off", "-----BEGIN PRIVATE KEY-----\n<b64*64>\n<b64*30>"),
    ("service account", '{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\\n<b64*200>\\n-----END PRIVATE KEY-----\\n"}'),
    ("WireGuard", "[Interface]\nPrivateKey = <b64*43>="),
    ("error tracker's address", "https://<hex*32>@o12.ingest.example.org/34"),
)  # fmt: skip


def _texts() -> Iterator[Kind]:
    for number, (id, shape) in enumerate(TEXTS):
        text, secrets = filled(shape, Random(2000 + number))  # noqa: S311
        yield Kind(id, "gitleaks" if number < 8 else "texts", "value", text, secrets, whole=True)
