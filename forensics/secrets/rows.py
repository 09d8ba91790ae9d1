"""Shapes of secrets that gitleaks' list lacks, or knows only in files: as rows, each with an example and where it was seen.

In an example, `<alnum*20>` stands for twenty random letters and digits: a literal secret would alarm every scanner.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One shape: its pattern in RE2's syntax, its keywords in lower case, an example, and where such texts were seen.

    The longest group that matched is the secret, without groups all of it. `weak`: the value must also
    look random. `commit_like`: it may look like a commit id.
    """

    pattern: str
    keywords: tuple[str, ...]
    example: str
    seen: str
    weak: bool = False
    entropy: float = 0.0
    commit_like: bool = False


# Tokens that are unmistakable by their beginning, wherever they stand.
_TOKENS = (
    Row(r"sk-(?:ant|proj|or|svcacct|admin|lf)-[\w-]{16,}", ("sk-",), "sk-or-v1-<hex*64>", "keys of model vendors, in environments"),
    Row(r"(?:^|[^A-Za-z0-9])((?:sk|rk|pk)[-_](?:(?:live|test)[-_])?[A-Za-z0-9]{20,})", ("sk-", "sk_", "rk_", "rk-", "pk_", "pk-"), "sk-<alnum*48>", "keys of model and payment vendors"),
    Row(r"(?:^|[^A-Za-z0-9])((?:sk|rk|pk)[-_][A-Za-z0-9_-]{20,})", ("sk-", "sk_", "rk_", "rk-", "pk_", "pk-"), "sk_<alnum*12>-<alnum*12>", "keys of smaller model vendors", True),
    Row(r"sk-[A-Za-z0-9]{32,}", ("sk-",), "x_sk-<alnum*48>", "the same, glued to a letter; identifiers of tasks and disks have fewer signs", True, 4.1),
    Row(r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", ("pat",), "pat<alnum*14>.<hex*64>", "a table service's tokens"),
    Row(r"[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}", ("q~",), "<alnum*3>8Q~<alnum*34>", "a cloud's client secrets"),
    Row(r"sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}", ("sgp_",), "sgp_local_<hex*40>", "a code search's tokens"),
    Row(r"gsk_[A-Za-z0-9]{40,}", ("gsk_",), "gsk_<alnum*52>", "a model vendor's key in .env"),
    Row(r"xai-[A-Za-z0-9]{40,}", ("xai-",), "xai-<alnum*80>", "a model vendor's key in .env"),
    Row(r"r8_[A-Za-z0-9]{30,}", ("r8_",), "r8_<alnum*37>", "a model host's token in .env"),
    Row(r"csk-[a-z0-9]{40,}", ("csk-",), "csk-<lownum*48>", "a model vendor's key in .env"),
    Row(r"pcsk_[A-Za-z0-9_]{40,}", ("pcsk_",), "pcsk_<alnum*6>_<alnum*63>", "a vector store's key"),
    Row(r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}", ("lsv2_",), "lsv2_pt_<hex*32>_<hex*10>", "a tracing service's key"),
    Row(r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{20,}", ("tvly-",), "tvly-dev-<alnum*32>", "a search service's key in tool settings"),
    Row(r"fc-[a-f0-9]{32}", ("fc-",), "fc-<hex*32>", "a crawler's key in tool settings"),
    Row(r"BSA[A-Za-z0-9_-]{27,28}\b", ("bsa",), "BSA<alnum*28>", "a search service's key in tool settings", True),
    Row(r"jina_[A-Za-z0-9]{40,}", ("jina_",), "jina_<alnum*60>", "an embedding service's key"),
    Row(r"hf_[A-Za-z0-9]{20,}", ("hf_",), "hf_<alnum*34>", "tokens of model hubs, which have digits too"),
    Row(r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"), "ghs_<alnum*80>", "tokens longer and shorter than gitleaks' 36"),
    Row(r"gl(?:pat|dt|rt|ft|ptt|soat|cbt|imt|agent|ffct|wt)-[\w.-]{16,}", ("glpat-", "gldt-", "glrt-", "glft-", "glptt-", "glsoat-", "glcbt-", "glimt-", "glagent-", "glffct-", "glwt-"), "glwt-<alnum*24>", "tokens of a forge, in addresses of remotes"),
    Row(r"glsa_\w{20,}", ("glsa_",), "glsa_<alnum*32>_<hex*8>", "service accounts of dashboards"),
    Row(r"xox[abceoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|xwfp-[A-Za-z0-9-]{10,}", ("xox", "xapp-", "xwfp-"), "xoxc-<digit*12>-<digit*12>-<hex*64>", "a chat's tokens, cookies and workflows too"),
    Row(r"npm_[A-Za-z0-9]{30,}", ("npm_",), "npm_<alnum*36>", "registry tokens in .npmrc"),
    Row(r"pypi-[\w-]{30,}", ("pypi-",), "pypi-<alnum*120>", "registry tokens in .pypirc", True),
    Row(r"dop_v1_[a-f0-9]{30,}", ("dop_v1_",), "dop_v1_<hex*64>", "a cloud's tokens"),
    Row(r"shp(?:at|ca|pa|ss|tka)_[A-Fa-f0-9]{20,}", ("shpat_", "shpca_", "shppa_", "shpss_", "shptka_"), "shptka_<hex*32>", "a shop's tokens"),
    Row(r"hv[bsr]\.[\w-]{20,}", ("hvs.", "hvb.", "hvr."), "hvs.<alnum*24>", "a vault's tokens, shorter than gitleaks' 90"),
    Row(r"dckr_(?:pat|oat)_[\w-]{20,}", ("dckr_",), "dckr_oat_<alnum*27>", "tokens of an image registry"),
    Row(r"AGE-(?:SECRET-KEY|PLUGIN-[A-Z]+)-1[A-Z0-9]{20,}", ("age-",), "AGE-PLUGIN-YUBIKEY-1<upnum*40>", "age identities"),
    Row(r"SG\.[\w-]{10,}\.[\w-]{10,}", ("sg.",), "SG.<alnum*22>.<alnum*43>", "a mail service's keys; names of types begin so, too", True),
    Row(r"ya29\.[\w-]{20,}", ("ya29.",), "ya29.<alnum*100>", "OAuth access tokens"),
    Row(r"GOCSPX-[\w-]{20,}", ("gocspx-",), "GOCSPX-<alnum*28>", "OAuth client secrets"),
    Row(r"1//0[\w-]{30,}", ("1//0",), "1//0<alnum*60>", "OAuth refresh tokens"),
    Row(r"AIza[\w-]{30,}", ("aiza",), "AIza<alnum*35>", "a cloud's keys, in addresses and pages"),
    Row(r"(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}", ("akia", "asia", "abia", "acca"), "ASIA<upnum*16>", "a cloud's key ids, which gitleaks wants without 0, 1, 8, 9"),
    Row(r"eyJ[\w-]{8,}\.(?:eyJ[\w-]{8,}|[\w-]{20,}\.[\w-]{10,}\.[\w-]{20,})(?:\.[\w-]*)?", ("eyj",), "eyJ<alnum*20>.eyJ<alnum*60>.<alnum*43>", "web tokens, signed and encrypted"),
    Row(r"v[1-4]\.(?:local|public)\.[\w-]{40,}", (".local.", ".public."), "v4.local.<alnum*120>", "PASETO tokens"),
    Row(r"tskey-[a-z]+-[\w-]{20,}", ("tskey-",), "tskey-auth-<alnum*12>-<alnum*32>", "keys of a private network"),
    Row(r"lin_(?:api|oauth)_[A-Za-z0-9]{30,}", ("lin_",), "lin_oauth_<hex*64>", "a tracker's tokens"),
    Row(r"fig[dour]_[\w-]{30,}", ("figd_", "figo_", "figu_", "figr_"), "figd_<alnum*40>", "a design tool's tokens, in tool settings"),
    Row(r"secret_[A-Za-z0-9]{43}", ("secret_",), "secret_<alnum*43>", "an older note service's tokens", True),
    Row(r"sb[ps]?_(?:secret_|publishable_|v0_)?[A-Za-z0-9_]{36,}", ("sbp_", "sb_"), "sbp_<hex*40>", "a database host's tokens", True),
    Row(r"n(?:api|fp|fc|fo)_[A-Za-z0-9]{30,}", ("napi_", "nfp_", "nfc_", "nfo_"), "nfp_<alnum*36>", "hosts' tokens in deploy scripts"),
    Row(r"vc[pkiar]_[A-Za-z0-9]{40,}", ("vcp_", "vck_", "vci_", "vca_", "vcr_"), "vcp_<alnum*56>", "a host's tokens in deploy scripts"),
    Row(r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}", ("re_",), "re_<alnum*8>_<alnum*24>", "a mail service's keys", True),
    Row(r"rnd_[A-Za-z0-9]{28,}", ("rnd_",), "rnd_<alnum*28>", "a host's keys"),
    Row(r"whsec_[A-Za-z0-9+/=]{24,}", ("whsec_",), "whsec_<b64*32>", "secrets of webhooks"),
    Row(r"sq0(?:csp|atp|idp)-[\w-]{20,}", ("sq0",), "sq0csp-<alnum*43>", "a payment service's secrets"),
    Row(r"rzp_(?:live|test)_[A-Za-z0-9]{14,}", ("rzp_",), "rzp_live_<alnum*14>", "a payment service's keys"),
    Row(r"access_token\$(?:production|sandbox)\$[a-z0-9]+\$[a-f0-9]{32}", ("access_token$",), "access_token$production$<lownum*16>$<hex*32>", "a payment service's tokens"),
    Row(r"\d{8,10}:AA[\w-]{33}", (":aa",), "<digit*10>:AA<alnum*33>", "tokens of chat bots, in addresses too"),
    Row(r"/bot(\d{8,10}:[\w-]{30,})", ("/bot",), "https://api.example.org/bot<digit*10>:<alnum*35>/send", "tokens of chat bots in addresses"),
    Row(r"\b[MNO][A-Za-z\d]{23,27}\.[\w-]{6}\.[\w-]{27,40}", ("discord", "bot"), "DISCORD_BOT=M<alnum*23>.<alnum*6>.<alnum*27>", "tokens of chat bots", True, 4.0),
    Row(r"AT(?:ATT|CTT|BB)[\w=-]{24,}", ("atatt", "atctt", "atbb"), "ATCTT3<alnum*180>", "a forge's and a tracker's tokens"),
    Row(r"CCIP(?:AT|RJ)_[\w-]{20,}", ("ccipat_", "cciprj_"), "CCIPAT_<alnum*22>_<hex*40>", "tokens of a build service"),
    Row(r"bk[uaci]{1,2}_[a-f0-9]{40}", ("bkua_", "bkca_"), "bkua_<hex*40>", "tokens of a build service"),
    Row(r"oy2[a-z0-9]{43}", ("oy2",), "oy2<lownum*43>", "registry keys", True),
    Row(r"cio[A-Za-z0-9]{32}\b", ("cio",), "cio<alnum*32>", "registry tokens", True),
    Row(r"CFPAT-[\w-]{40,}", ("cfpat-",), "CFPAT-<alnum*43>", "a content service's tokens"),
    Row(r"[sp]k\.eyJ[\w-]{20,}\.[\w-]{20,}", ("sk.eyj", "pk.eyj"), "sk.eyJ<alnum*60>.<alnum*22>", "a map service's tokens"),
    Row(r"pat-(?:na|eu|ap)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", ("pat-na", "pat-eu", "pat-ap"), "pat-na1-<hex*8>-<hex*4>-<hex*4>-<hex*4>-<hex*12>", "a customer service's tokens"),
    Row(r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,}", ("00d",), "00D<alnum*12>!<alnum*96>", "session ids of a customer service"),
    Row(r"1000\.[a-f0-9]{32}\.[a-f0-9]{32}", ("1000.",), "1000.<hex*32>.<hex*32>", "an office suite's refresh tokens"),
    Row(r"[a-f0-9]{32}-us\d{1,2}\b", ("-us",), "<hex*32>-us14", "a mailing service's keys"),
    Row(r"\bkey-[a-f0-9]{32}\b", ("key-",), "key-<hex*32>", "a mail service's keys"),
    Row(r"oauth:[a-z0-9]{30}\b", ("oauth:",), "oauth:<lownum*30>", "tokens of a streaming chat", True),
    Row(r"AKID[A-Za-z0-9]{32}", ("akid",), "AKID<alnum*32>", "a cloud's key ids"),
    Row(r"EAA[A-Za-z0-9]{60,}", ("eaa",), "EAAG<alnum*120>", "a social network's tokens"),
    Row(r"IG(?:QV|QW|AA)[\w-]{60,}", ("igqv", "igqw", "igaa"), "IGQV<alnum*120>", "a social network's tokens"),
    Row(r"AAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{50,}", ("aaaaaaaaaaaaaaaaaaaa",), "AAAAAAAAAAAAAAAAAAAAAA<alnum*80>", "a social network's bearer tokens", True),
    Row(r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,}={0,2}", ("ls0tls1crudjti",), "LS0tLS1CRUdJTi<b64*300>", "keys in base64, in manifests and CI settings"),
    Row(r"dp\.(?:st|ct|pt|sa|scim|audit)\.(?:[\w-]+\.)?[A-Za-z0-9]{40,}", ("dp.",), "dp.st.dev.<alnum*43>", "a secret store's tokens"),
    Row(r"(?:nvapi|nvidia)-[\w-]{40,}", ("nvapi-",), "nvapi-<alnum*64>", "a model vendor's keys"),
    Row(r"\bE(?:Z[AT])K[A-Za-z0-9]{40,}", ("ezak", "eztk"), "EZAK<alnum*54>", "a parcel service's keys"),
    Row(r"phc_[A-Za-z0-9]{30,}|phx_[A-Za-z0-9]{30,}", ("phc_", "phx_"), "phx_<alnum*43>", "an analytics service's keys"),
    Row(r"ops_eyJ[\w+/-]{40,}", ("ops_",), "ops_eyJ<alnum*250>", "service accounts of a password store"),
    Row(r"\b(?:expo|EAS)_[A-Za-z0-9]{30,}", ("expo_", "eas_"), "expo_<alnum*40>", "tokens of a mobile build service", True),
    Row(r"FlyV1 [\w,+/=-]{40,}", ("flyv1 ",), "FlyV1 fm2_<alnum*120>", "a host's tokens"),
    Row(r"\bsq[upa]_[a-f0-9]{40}\b", ("squ_", "sqp_", "sqa_"), "squ_<hex*40>", "tokens of a code scanner"),
    Row(
        r"(?:gh[pousr]_|github_pat_|gl(?:pat|rt|dt)-|xox[abeprs]-|AIza|AKIA|ASIA|ya29\.|eyJ[\w-]{4,}\.eyJ|dop_v1_|[sr]k_live_|whsec_|dckr_pat_)[\w.-]{4,}(?:…|\.\.\.)?\z",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-", "gldt-", "xox", "aiza", "akia", "asia", "ya29.", "eyj", "dop_v1_", "k_live_", "whsec_", "dckr_pat_"),
        "ghp_<alnum*12>",
        "tokens cut off where a title or an output was",
    ),
    Row(r"(?:sk-(?:ant|proj|or|svcacct)-|xapp-|npm_|pypi-|hf_|SG\.|lin_api_|hvs\.)[\w.-]{4,}(?:…|\.\.\.)?\z", ("sk-", "xapp-", "npm_", "pypi-", "hf_", "sg.", "lin_api_", "hvs."), "npm_<alnum*12>", "the same behind beginnings that words have, too", True),
)  # fmt: skip

# A key's lines behind its first one, with quotes, signs of a diff and escaped line ends between; or its first letters, then nothing.
_GAP = r"(?:\s|\\+[nrt]|[\"'+>|,])"
_BODY = (
    rf"{_GAP}+((?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|Subject):.*?{_GAP}+)*(?:[A-Za-z0-9+/=]{{16,}}{_GAP}*)+[A-Za-z0-9+/=]*"
    r"|[A-Za-z0-9+/=]{1,15}\z)"
)
# Blocks and texts of several lines, keys above all.
_BLOCKS = (
    Row(r"-----BEGIN[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[^\x60]*?-----END[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----", ("-----begin",), "-----BEGIN RSA PRIVATE KEY-----\n<b64*400>\n-----END RSA PRIVATE KEY-----", "keys in settings and logs; a backtick shows that only the first line is quoted"),
    Row(rf"-----BEGIN[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----{_BODY}", ("-----begin",), "-----BEGIN EC PRIVATE KEY-----\n<b64*64>", "keys that the end of an output cuts off"),
    Row(rf"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----{_BODY}", ("---- begin",), "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n<b64*64>\n<b64*64>\n---- END SSH2 ENCRYPTED PRIVATE KEY ----", "keys of another SSH client"),
    Row(r"Private-Lines:\s*\d+\s+([A-Za-z0-9+/=\s]+?)(?:Private-MAC|\z)", ("private-lines:",), "Private-Lines: 4\n<b64*64>\n<b64*64>\nPrivate-MAC: x", "PuTTY's keys"),
    Row(r"(?is)\bkind:\s*[\"']?secret\b.{0,300}?\b(?:string)?data:((?:\s+[\w.-]+:[ \t]+[^\s:]+)+)", ("data:",), "kind: Secret\nmetadata:\n  name: x\ndata:\n  a: <b64*24>\n  b: <b64*24>", "manifests of Kubernetes"),
    Row(r"(?is)\b(?:string)?data:((?:\s+[\w.-]+:[ \t]+[^\s:]+)+)\s+kind:\s*[\"']?secret\b", ("data:",), "data:\n  a: <b64*24>\nkind: Secret", "manifests of Kubernetes, sorted by key"),
    Row(r"(?i)(?:mnemonic|(?:seed|recovery)[ _-]?phrase)[\"'\x60]?\s*[:=]\s*[\"'\x60]?((?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8})", ("mnemonic", "phrase"), "mnemonic: <words*12>", "wallets in test settings"),
    Row(r"(?i)\bkty[\"']?\s*:\s*[\"']?(?:RSA|EC|OKP|oct)\b[^}]*?[\"'](?:d|k)[\"']\s*:\s*[\"']([\w-]{20,})", ("kty",), '{"kty": "OKP", "x": "<alnum*6>", "d": "<alnum*43>"}', "private web keys"),
    Row(r"[\"'](?:d|k)[\"']\s*:\s*[\"']([\w-]{40,})[\"'][^}]*?[\"']kty[\"']", ("kty",), '{"d": "<alnum*43>", "kty": "OKP"}', "private web keys, sorted by key"),
    Row(r"\$(?:2[abxy]|5|6|7|y|gy|apr1|scrypt|argon2(?:id|i|d)|pbkdf2-sha\d+)\$[\w./$=,+-]{20,}", ("$2", "$5$", "$6$", "$7$", "$y$", "$gy$", "$apr1$", "$scrypt$", "$argon2", "$pbkdf2"), "$2b$12$<alnum*53>", "hashes of passwords in settings and dumps"),
    Row(r"pbkdf2_sha\d+\$\d+\$[\w./+=-]+\$[\w./+=-]{20,}", ("pbkdf2_sha",), "pbkdf2_sha256$600000$<alnum*22>$<b64*44>", "hashes of passwords in fixtures"),
)  # fmt: skip

# Credentials by where they stand: in addresses, headers and commands.
_PLACES = (
    Row(r"://[^\s/:@\"'\x60<>]{0,100}:([^\s@\"'\x60<>]{1,200})@", ("://",), "postgres://app:<alnum*12>@db.example.org/x", "connection strings and remotes", commit_like=True),
    Row(r"://[^\s/:@]{0,100}:(\d{0,20}[A-Za-z][^\s/@\"'\x60)]{1,200})$", ("://",), "https://me:<alnum*9>", "the same, cut off at the text's end"),
    Row(r"://([^\s/:@\"'\x60<>]{12,300})(?::x-oauth-basic)?@", ("://",), "https://<alnum*40>@example.org/x.git", "tokens as users of remotes, and addresses of error trackers", True),
    Row(r"(?i)(?:proxy-)?authorization[\"'\x60]?\s*[:=]\s*[\"'\x60]?(?:token|bearer|basic|apikey|digest)[ :]+([\w.~+/=-]{16,})", ("authorization",), "Authorization: Token <hex*40>", "headers whose token looks like a commit id", commit_like=True),
    Row(r"(?i)(?:proxy-)?authorization[\"'\x60]?\s*[:=,]?\s*[\"'\x60]?\s*(?:[a-z][\w-]{1,20}[ :]+)?([\w.~+/=:-]{8,})", ("authorization",), "Authorization: OAuth <alnum*32>", "headers in curl calls and logs", True),
    Row(r"(?i)\b(?:bearer|basic|negotiate|apikey)[ \t:]{1,4}[\"'\x60]?([\w.~+/-]{12,}=*)", ("bearer", "basic", "negotiate", "apikey"), "Bearer <alnum*24>", "headers without their names", True),
    Row(r"(?i)\bbasic[ \t:]{1,4}[\"'\x60]?([A-Za-z0-9+/]{6,}={1,2})", ("basic",), "Basic <b64*8>==", "short credentials in base64"),
    Row(r"(?i)\b(?:set-)?cookie2?[\"'\x60]?\s*[:=]\s*[\"'\x60]?((?:[\w.$-]{1,80}=[^\s;\"'\x60]*;\s*)*[\w.$-]{1,80}=[^\s;\"'\x60]{4,})", ("cookie",), "Cookie: theme=dark; sid=<alnum*24>", "headers in curl calls and logs", True),
    Row(r"(?i)\b(?:php|j|asp\.net_|connect\.)?(?:session|sess|sid)(?:_?id)?=([\w%.+/=-]{16,})", ("session", "sess", "sid"), "sessionid=<lownum*32>", "cookies without their header", True),
    Row(r"(?i)\bcurl\b[^\n|]{0,1000}?\s(?:-u|--user|--proxy-user|-U)[ =]{0,3}[\"']?[^\s:\"']{0,100}:([^\s\"']+)", ("curl",), "curl -s -u me:<alnum*10> https://example.org", "agents' calls", commit_like=True),
    Row(r"(?i)\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mycli)\b[^\n|;]{0,300}?\s-p[\"']?([^\s\"']{4,})", ("mysql", "mariadb", "mycli"), "mysql -u root -p<alnum*10> app", "agents' calls", commit_like=True),
    Row(r"(?i)\b(?:sshpass|docker login|podman login|helm registry login|az login|oc login|mongo|mongosh|mongodump|mongorestore|ldapsearch|sqlcmd)\b[^\n|;]{0,300}?\s(?:-p|-w|-P)[ =][\"']?([^\s\"']{4,})", ("sshpass", "login", "mongo", "ldapsearch", "sqlcmd"), "docker login -u me -p <alnum*12> r.example.org", "agents' calls", commit_like=True),
    Row(r"(?i)\bgh secret set\b[^\n|;]{0,200}?\s(?:-b|--body)[ =][\"']?([^\s\"']{4,})", ("gh secret",), "gh secret set X --body <alnum*20>", "agents' calls", commit_like=True),
    Row(r"\b(?:unzip|zip)\b[^\n|;]{0,200}?\s-P[ ]?[\"']?([^\s\"']{4,})", ("zip",), "unzip -P <alnum*12> a.zip", "agents' calls", commit_like=True),
    Row(r"\b7z[ar]?\b[^\n|;]{0,200}?\s-p[\"']?([^\s\"']{4,})", ("7z",), "7z x -p<alnum*12> a.7z", "agents' calls", commit_like=True),
    Row(r"\bopenssl\b[^\n|;]{0,200}?\s(?:-k|-K)[ ][\"']?([^\s\"']{4,})", ("openssl",), "openssl enc -d -k <alnum*12> -in a", "agents' calls", commit_like=True),
    Row(r"(?i)(?:token|key|secret|password|passwd|credentials?)[\w.-]{0,40}(?:[ \t]+(?:to|created|generated|of|value|now):?)?[ \t]+[\"'\x60]?([A-Za-z0-9+/_=.~-]{20,300})", ("token", "key", "secret", "passw", "credential"), "Generated secret <alnum*40>", "what tools and agents print of a new key; commit ids and digests have less entropy", True, 4.05),
    Row(r"(?i)\bsshpass\s+-p[\"']?([^\s\"']{4,})", ("sshpass",), "sshpass -p<alnum*10> ssh me@example.org", "agents' calls", commit_like=True),
    Row(r"(?i)\bredis-cli\b[^\n|;]{0,300}?\s(?:-a|--pass)[ =][\"']?([^\s\"']{4,})", ("redis-cli",), "redis-cli -h r.example.org -a <alnum*12> ping", "agents' calls", commit_like=True),
    Row(r"(?i)\b(?:echo|printf)\s+(?:-n\s+)?[\"']?([^\s\"'$|]{6,})[\"']?\s*\|[^\n|;]{0,100}?(?:--password-stdin|--with-token|sudo -S|passwd --stdin|chpasswd)", ("--password-stdin", "--with-token", "sudo -s", "chpasswd", "--stdin"), "echo <alnum*16> | docker login --password-stdin", "agents' calls", commit_like=True),
    Row(r"(?i)\b(?:pass|passin|passout|storepass|keypass)[ =:]+(?:pass:)([^\s\"']{4,})", ("pass:",), "openssl rsa -passin pass:<alnum*10>", "agents' calls", commit_like=True),
    Row(r"(?i)\s-(?:storepass|keypass)[ =][\"']?([^\s\"']{4,})", ("storepass", "keypass"), "keytool -list -storepass <alnum*10>", "agents' calls", commit_like=True),
    Row(r"(?i)\bhtpasswd\s+-\w*b\w*\s+(?:[^\s-]\S*\s+)?\S+\s+[\"']?([^\s\"']{4,})", ("htpasswd",), "htpasswd -bc users me <alnum*10>", "agents' calls", commit_like=True),
    Row(r"(?i)\b(?:net use|smbclient)\b[^\n|;]{0,200}?(?:-U\s+\S+?%|/user:\S+\s+)([^\s\"']{4,})", ("smbclient", "net use"), "smbclient //h/share -U me%<alnum*10>", "agents' calls", commit_like=True),
    Row(r"(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+[\"']([^\"']{4,})", ("identified",), "CREATE USER me IDENTIFIED BY '<alnum*12>'", "SQL that agents run", commit_like=True),
    Row(r"(?i)\bpassword\s+[\"']([^\"'\n]{4,})[\"']", ("password",), "ALTER ROLE me WITH PASSWORD '<alnum*12>'", "SQL that agents run", commit_like=True),
    Row(r"(?i)\blogin\s+\S{1,100}\s+password\s+(\S{4,})", ("login",), "machine example.org login me password <alnum*12>", ".netrc", commit_like=True),
    Row(r"\b[\w.*-]+:(?:5432|\*):[^\s:]+:[^\s:]+:([^\s:]{4,})", (":5432:", ":*:"), "db.example.org:5432:app:me:<alnum*12>", ".pgpass", commit_like=True),
    Row(r"(?i)\b(?:AccountKey|SharedAccessKey|SharedSecret\w*|sig|Signature)=([A-Za-z0-9+/%=]{20,})", ("accountkey", "sharedaccesskey", "sharedsecret", "sig"), "AccountName=x;AccountKey=<b64*86>==;", "a cloud's connection strings and signed addresses", True),
    Row(r"(?i)X-Amz-(?:Signature|Security-Token|Credential)=([\w%/+=-]{20,})", ("x-amz-",), "https://b.example.org/o?X-Amz-Signature=<hex*64>", "a cloud's signed addresses"),
    Row(r"(?i)discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(\d{10,20}/[\w-]{40,})", ("webhooks/",), "https://discord.com/api/webhooks/<digit*18>/<alnum*68>", "addresses that may be written to"),
    Row(r"(?i)hooks\.(?:slack\.com|zapier\.com|slack-gov\.com)/[a-z/]{4,30}([A-Za-z0-9]{6,}/[\w/]{6,})", ("hooks.",), "https://hooks.slack.com/services/T<upnum*10>/B<upnum*10>/<alnum*24>", "addresses that may be written to"),
    Row(r"(?i)\boutlook\.office(?:365)?\.com/webhook/([\w@/-]{40,})", ("/webhook/",), "https://outlook.office.com/webhook/<hex*36>@<hex*36>", "addresses that may be written to"),
    Row(r"(?i)\b(?:otpauth)://[^\s\"']*?secret=([A-Z2-7]{16,})", ("otpauth",), "otpauth://totp/x?secret=<base32*32>", "seeds of second factors"),
    Row(r"(?i)(?:sourcegraph|wandb|gitea|forgejo|sonar|buildkite|meraki|sendbird|zendesk|cohere|datadog|launchdarkly|netlify|gitter|cloudflare)[\w.-]{0,20}(?:token|key|secret)[\w.-]{0,10}[\"'\x60]?\s{0,3}[=:|\s][\s=\"'\x60]{0,3}([a-f0-9]{40})\b", ("sourcegraph", "wandb", "gitea", "forgejo", "sonar", "buildkite", "meraki", "sendbird", "zendesk", "cohere", "datadog", "launchdarkly", "netlify", "gitter", "cloudflare"), "GITEA_TOKEN=<hex*40>", "tokens that look like commit ids, told by their vendor and the word for a key", commit_like=True),
)  # fmt: skip

ROWS = (*_TOKENS, *_BLOCKS, *_PLACES)
