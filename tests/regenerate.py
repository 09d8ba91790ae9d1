"""Write what is generated: docs/detectors.md, docs/schema/, the samples' expected outputs, README's excerpt. `make docs` runs it."""

import json
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from forensics.app.analyze import analyze
from forensics.app.evidence import Scope
from forensics.app.explain import rules_page
from forensics.app.outputs import rendered
from forensics.casework.attribution.sessions import Selection
from forensics.render.documents.postmortem import PostmortemDocument
from forensics.render.documents.recovery import RecoveryDocument
from forensics.render.documents.usage import UsageDocument
from forensics.render.documents.verification import CheckDocument
from forensics.render.documents.weekly import WeeklyDocument
from tests.readme import with_excerpt
from tests.unpack import ROOT, SAMPLES, plan_of, unpack

# When the sessions of the sample run without a plan begin.
NIGHT = datetime(2026, 3, 10, tzinfo=UTC)
FORMS = {"postmortem.md": "md", "postmortem.json": "json", "summary.txt": "text"}


def sample_scope(name: str, folder: Path) -> Scope:
    """Return what a sample's expected outputs are made of: its plan (or night), its history, and any transcripts."""
    transcripts = SAMPLES / name / "transcripts"
    found = (str(transcripts),) if transcripts.is_dir() else ()
    scope = Scope(".", folder, transcripts=found, read_transcripts=bool(found))
    plan = plan_of(folder)
    return replace(scope, plan=plan) if plan else replace(scope, since=NIGHT, sessions=Selection())


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of the public documents, by file name."""
    documents = {
        "postmortem": PostmortemDocument,
        "recovery": RecoveryDocument,
        "usage": UsageDocument,
        "check": CheckDocument,
        "weekly": WeeklyDocument,
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    found = {name: head | msgspec.json.schema(document) for name, document in documents.items()}
    for part in (part for schema in found.values() for part in schema["$defs"].values() if "description" in part):
        part["description"] = cleandoc(part["description"])
    return found


def main() -> None:
    """Write every generated file."""
    (ROOT / "docs" / "detectors.md").write_text(rules_page(), encoding="utf-8")
    for name, schema in schemas().items():
        (ROOT / "docs" / "schema" / f"{name}.json").write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
    for sample in sorted(path.parent for path in SAMPLES.glob("*/history.fi")):
        with tempfile.TemporaryDirectory() as folder:
            postmortem = analyze(sample_scope(sample.name, unpack(sample.name, Path(folder) / "repository")))
        expected = sample / "expected"
        expected.mkdir(exist_ok=True)
        for name, form in FORMS.items():
            (expected / name).write_text(rendered(postmortem, form), encoding="utf-8", newline="\n")
    readme = ROOT / "README.md"
    readme.write_text(with_excerpt(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
