"""The public JSON documents: every sample's output is valid against its schema, and the schemas are up to date."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from forensics.detect.registry import load_detectors
from tests.formats.transcript_lines import assistant, user
from tests.regenerate import NIGHT, schemas
from tests.unpack import ROOT, SAMPLES, plan_of, unpack

NAMES = sorted(path.parent.name for path in SAMPLES.glob("*/history.fi"))


def _schema(name: str) -> dict[str, Any]:
    return json.loads((ROOT / "docs" / "schema" / f"{name}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _checked(name: str, folder: Path, *arguments: str) -> dict[str, Any]:
    """Run a command, check its JSON against the schema, and return it."""
    done = subprocess.run(
        [sys.executable, "-m", "forensics", *arguments, "--format", "json"], cwd=folder, capture_output=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode in {0, 1}, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.Draft202012Validator(_strict(_schema(name))).validate(document)
    assert document["schema"] == f"forensics.{name}/1"
    return document


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that also refuses fields it does not name: ours must name all."""
    parts = {
        name: {**part, "additionalProperties": False} if "properties" in part else part
        for name, part in schema["$defs"].items()
    }
    return {**schema, "$defs": parts}


@pytest.mark.parametrize("name", ["postmortem", "recovery", "usage", "weekly"])
def test_the_schemas_are_up_to_date(name: str) -> None:
    assert _schema(name) == schemas()[name], "run `make docs`"
    jsonschema.Draft202012Validator.check_schema(_schema(name))


@pytest.mark.parametrize("sample", NAMES)
def test_every_sample_s_documents_are_valid(sample: str, tmp_path: Path) -> None:
    repository = unpack(sample, tmp_path / "repository")
    plan, transcripts = plan_of(repository), SAMPLES / sample / "transcripts"
    run = (plan,) if plan else ("--since", f"{NIGHT:%Y-%m-%d}")
    named = ["--transcripts", str(transcripts)] if transcripts.is_dir() else ["--no-transcripts"]
    postmortem = _checked("postmortem", repository, "analyze", *run, *named)
    assert bool(postmortem["metrics"]) == transcripts.is_dir()
    rules = [detector.rule for detector in load_detectors()]
    skipped = {skip["code"] for skip in postmortem["skips"]}
    assert [(one["code"], one["name"]) for one in postmortem["ran"]] == [
        (rule.code, rule.name) for rule in rules if rule.code not in skipped
    ]
    assert skipped <= {rule.code for rule in rules}
    unseen = [skip for skip in postmortem["skips"] if "transcript" in skip["why"]]
    assert bool(unseen) != transcripts.is_dir()
    if plan:
        recovery = _checked("recovery", repository, "recover", plan, *named, "--test", "false")
        assert recovery["test"]["exit_code"] == 1
    record = ("--record", str(tmp_path / "record"))
    weekly = _checked("weekly", repository, "weekly", "--since", "2026-02-01", "--until", "2026-04-01", *record)
    assert weekly["known_runs"] == bool(plan)
    if transcripts.is_dir():
        assert _checked("usage", repository, "usage", *named)["totals"]


def test_usage_without_a_price_is_valid(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_bytes(user(0, "go") + assistant(1, model="made-up") + b"broken\n")
    document = _checked("usage", tmp_path, "usage", "--transcripts", "s.jsonl")
    assert (document["totals"][0]["cost_usd"], len(document["gaps"])) == (None, 1)


@pytest.mark.parametrize("change", [{"verdict": 1}, {"findings": [{}]}, {"schema": "forensics.postmortem/2"}, {"x": 1}])
def test_the_schema_refuses_what_is_wrong(change: dict[str, Any]) -> None:
    good = json.loads((SAMPLES / NAMES[0] / "expected" / "postmortem.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(_strict(_schema("postmortem")))
    assert validator.is_valid(good)
    assert not validator.is_valid(good | change)
