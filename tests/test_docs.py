"""Generated documents are up to date, and the documents name what exists."""

import ast
import re
from dataclasses import fields
from datetime import UTC, datetime

from forensics.app.explain import rules_page
from forensics.detect.registry import load_detectors
from forensics.metrics.periods import weeks
from forensics.metrics.weekly_tables import weekly_report
from forensics.model.record import Fact, FactKind
from forensics.render import weekly
from forensics.sources import record_files
from tests.readme import with_excerpt
from tests.unpack import ROOT


def test_the_rules_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "detectors.md").read_text(encoding="utf-8") == rules_page(), "run `make docs`"


def test_the_rules_page_keeps_every_page() -> None:
    page = rules_page()
    for detector in load_detectors():
        assert f"\n## {detector.rule.code}\n" in page
        title = detector.page.splitlines()[0]
        assert f"\n##{title}\n" in page


def test_every_column_of_the_record_is_documented() -> None:
    text = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    assert record_files.SCHEMA in text
    for name in (*(one.name for one in fields(Fact)), *FactKind):
        assert f"`{name}`" in text, name


def test_every_metric_is_defined() -> None:
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    nothing = weekly_report((), weeks("2026-W05", UTC, now), "UTC", now, origins={})
    assert {one.now.name for one in nothing.metrics} == set(weekly.TITLES)
    for name in weekly.TITLES:
        assert f"`{name}`" in text, name


def test_every_code_the_documents_mention_is_a_rule() -> None:
    known = {detector.rule.code for detector in load_detectors()}
    for document in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        named = set(re.findall(r"\b(?:CLM|HIS|ISO|ORD|RED|REP)\d{3}\b", document.read_text(encoding="utf-8")))
        assert named <= known, document.name


def test_the_readme_excerpt_is_up_to_date() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count("\n> ") >= 7
    assert readme == with_excerpt(readme), "run `make docs`"


def test_the_architecture_page_names_what_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)*\w+\.py|(?:\w+/)+)`", page)) - {"forensics/", "templates/"}
    assert len(named) > 50
    folders = (ROOT / "forensics", ROOT)  # most paths are relative to the package
    assert [path for path in sorted(named) if not any((folder / path).exists() for folder in folders)] == []


def test_the_vocabulary_names_classes_that_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \|", page.partition("## Vocabulary")[2], re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([A-Z]\w+)`", row)}
    assert len(named) > 50
    defined = {
        node.name
        for module in (ROOT / "forensics").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    assert sorted(named - defined) == []
