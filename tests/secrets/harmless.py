"""Texts that hold no secret, and look a little as if they did."""

_SHA = "4484db431a912a7c8c7c299f9d2fdd8199019306"
_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ID = "0b6f3c52-7a1d-4e7e-9a53-0c8e1f2d3b4a"

# Commit ids are evidence: none of these may ever be changed.
COMMITS = (
    f"token: {_SHA}", f"commit: {_SHA}", f"token: {_SHA[:7]}", "key: f3050e2", f"secret: {_SHA[:12]}", f"token={_SHA}",
    f"fix(auth): {_SHA}", f"password reset: {_SHA[:7]}", f"- Cycle 1.4 token: {_SHA[:8]}", f'"token": "{_SHA}"', f"auth={_SHA[:10]}",
    f"| reset-password | {_SHA[:7]} |", f"| `refresh_token` | `{_SHA}` |", f"sourcegraph {_SHA}", f"- sourcegraph: {_SHA}", f"cloudflare: {_SHA}",
    f"launchdarkly = {_SHA}", f"git+https://example.org/x@{_SHA}", f"https://example.org/x/commit/{_SHA}", f"key {_SHA[:9]} credential {_SHA}",
    f"api-key rotation: {_SHA[:7]}", f"Secret: {_SHA}", f"password: {_SHA[:7]}", f"git show {_SHA[:7]} --token", f"curl example.org/{_SHA}",
    f"Bearer {_SHA}", f"authorization: {_SHA[:7]}", f"commit {_SHA}\nAuthor: A <a@example.org>", f"uses: actions/checkout@{_SHA}",
    f"session={_SHA}", f"token {_SHA}", f"Generated key {_SHA}", f"tokens: ['{_SHA}']", f"the key of {_DIGEST}", f"merge base {_SHA}..{_SHA[::-1]}",
)  # fmt: skip
HARMLESS = (
    *COMMITS,
    "pwd=/home/u/repo", "PWD=/home/u/repo", "token = get_token()", "basic implementation-of-the-thing", "secret: str",
    "password: Optional[str]", f"id: {_ID}", f"session: {_ID}", f"token: {_ID}", "max_tokens=4096", 'api_key=os.environ["API_KEY"]',
    "git+https://example.org/x@v1.2.3", f"sha256:{_DIGEST}", f"digest: {_DIGEST}", "integrity: sha512-" + "Ab3/" * 21 + "Ag==",
    "tests/test_auth.py::test_refresh_token_v2", "task-list-of-all-the-files", "password: str | None = None", "token: string;",
    "const token = await getToken(user)", "password=password", "api_key = settings.API_KEY", "secret = config['secret']",
    "export API_KEY=$API_KEY", "export API_KEY=${API_KEY:-none}", "password: ${{ secrets.DB_PASSWORD }}", "Authorization: Bearer $TOKEN",
    "Authorization: Bearer <token>", "password=<your password>", "password=********", "token=[redacted]", "Basic authentication is enabled",
    "bearer tokens are checked", "key: value", "primary_key = user_account_identifier_2", "cache_key = project-files-2026-01-05",
    "keyboard: qwerty-layout-2024-edition", "author: Jane2024Longname", "authored-by: me", "tokens: 12345", "token_count: 8192", "tokenizer=cl100k_base_v2_fast",
    "secrets/production.yaml", "secret_name: my-app-secret-v2", "password_file=/run/secrets/db_password", "token_url: https://example.org/oauth/token",
    "http://localhost:8080", "ssh://git@example.org/x.git", "git@example.org:owner/repo.git", "https://example.org/@scope/package", "postgres://localhost:5432/app",
    "npm install @scope/secret-package@1.2.3", "All 42 tests pass: 42 passed, 0 failed", "pass: 12345678 fail: 0", "forgot password? Password must have 8 characters",
    "Password: required", "the token is expired", "the secret is stored in the vault", "skip-worktree and task-runner-of-the-night-shift", "risk-assessment-of-the-migration-plan",
    "feat(secrets): redact tokens in output", "test_password_reset_sends_mail_2", "reports/step-1-3-execution.md:12", "plans/token-refresh/runbook.md",
    "def login(user, password=None):", "if (token === undefined) return", "headers: { Authorization: `Bearer ${token}` }", "process.env.SECRET_KEY", "secretKeyRef: name",
    "cookie: yes", "auth: enabled", "curl -u $USER:$PASS https://example.org", "--password-stdin", "--token-file tokens.txt", "--max-tokens 4096", "-----BEGIN CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----", "ssh-ed25519 public key of the build", "2026-01-05T08:51:58.123456Z token refresh", "toolu_01A09q90qw90lq917835lq9", "msg_01XFDUDYJgAACzvnptvVoYEL",
    "see **http://localhost:3000**.", 'secret="[REDACTED:some-rule]"', '"accessToken": "eyJh..."', "jwt: jsonwebtoken@9.0.2", '"bcrypt-password-hash": "1.2.3"', "privateKey: Uint8Array", f"sessionId={_ID}", "analytics.TrackEvent(analytics.EventCheckInstallSuccess)", '"Bearer "+refreshToken',
    "req_011CSHoEeqs5C35K2UUqR7Fy", "monkey=banana_split_2_with_cream", "accessibility: wcag-2.1-level-aa", "Passwords are compared in constant time",
)  # fmt: skip
