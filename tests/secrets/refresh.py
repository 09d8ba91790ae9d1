"""Write forensics/secrets/gitleaks.json from a checkout of gitleaks: `python -m tests.secrets.refresh FOLDER`."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from tests.unpack import ROOT

TARGET = ROOT / "forensics" / "secrets"
# `generic-api-key` and `hashicorp-tf-password` take any value behind `key` or `password`, commit ids too:
# forensics/secrets/named.py does that part. `pkcs12-file` has only a path. Manifests of Kubernetes have rows of our own,
# because this rule finds only a manifest's first value, and so has `curl -u`, because `$USER:$PASS` holds no secret.
LEFT_OUT = {"generic-api-key", "hashicorp-tf-password", "pkcs12-file", "kubernetes-secret-yaml", "curl-auth-user"}


def converted(config: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rules that are kept. Allow lists are left out: they hold example keys, which scanners report."""
    return [
        {
            "id": rule["id"],
            "regex": rule["regex"],
            "keywords": sorted({word.lower() for word in rule["keywords"]}),
            "entropy": rule.get("entropy", 0),
            "group": rule.get("secretGroup", 0),
        }
        for rule in config["rules"]
        if rule["id"] not in LEFT_OUT
    ]


def main(folder: Path) -> None:
    """Write the rules, their revision and their licence."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True).stdout

    rules = converted(tomllib.loads(git("show", "HEAD:config/gitleaks.toml")))
    document = {
        "source": "https://github.com/gitleaks/gitleaks, config/gitleaks.toml",
        "revision": git("rev-parse", "HEAD").strip(),
        "licence": "MIT, see gitleaks-LICENSE.txt",
        "rules": rules,
    }
    (TARGET / "gitleaks.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (TARGET / "gitleaks-LICENSE.txt").write_text(git("show", "HEAD:LICENSE"), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
