"""Write what is generated: docs/detectors.md, the samples' expected outputs, README's excerpt. `make docs` runs it."""

import tempfile
from pathlib import Path

from forensics.app.analyze import analyze, rendered
from forensics.app.evidence import Scope
from forensics.app.explain import rules_page
from tests.readme import with_excerpt
from tests.unpack import ROOT, SAMPLES, plan_of, unpack

FORMS = {"postmortem.md": "md", "postmortem.json": "json", "summary.txt": "text"}


def sample_scope(name: str, folder: Path) -> Scope:
    """Return what a sample's expected outputs are made of: its plan, its history, and its transcripts, if it has any."""
    transcripts = SAMPLES / name / "transcripts"
    found = (str(transcripts),) if transcripts.is_dir() else ()
    return Scope(plan_of(folder), folder, transcripts=found, read_transcripts=bool(found))


def main() -> None:
    """Write every generated file."""
    (ROOT / "docs" / "detectors.md").write_text(rules_page(), encoding="utf-8")
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
