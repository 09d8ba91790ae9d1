"""The postmortem as `forensics.postmortem/1`: public field names of their own, documented in docs/json.md."""

import json
from datetime import UTC, datetime
from typing import Any

from forensics.model.claim import JudgedClaim
from forensics.model.finding import Finding
from forensics.model.lane import Lane
from forensics.model.postmortem import Metrics, Postmortem, StepResult, UsageLine, UsageTotal
from forensics.model.source import Ref
from forensics.model.transcript import Tokens
from forensics.render.recovery import foreign_fields, recovery_fields

SCHEMA = "forensics.postmortem/1"


def render_json(postmortem: Postmortem) -> str:
    """Return the document as indented JSON in UTF-8, times in UTC."""
    return json.dumps(document(postmortem), indent=2, ensure_ascii=False) + "\n"


def document(postmortem: Postmortem) -> dict[str, Any]:
    """Return the public document as plain values."""
    run, cause, recovery = postmortem.run, postmortem.cause, postmortem.recovery
    return {
        "schema": SCHEMA,
        "run": {
            "name": run.name,
            "plan": run.plan,
            "head": run.head,
            "branch": run.branch,
            "revision": run.revision,
            "window": {"start": _time(run.start), "end": _time(run.end)},
        },
        "verdict": postmortem.verdict,
        "impact": {
            "sound": postmortem.impact.sound,
            "violated": postmortem.impact.violated,
            "unproven": postmortem.impact.unproven,
            "blocked": postmortem.impact.blocked,
            "not_started": postmortem.impact.not_started,
            "tree": postmortem.impact.tree,
        },
        "steps": [_step(step) for step in postmortem.steps],
        "claims": [_claim(claim) for claim in postmortem.claims],
        "findings": [_finding(finding) for finding in postmortem.findings],
        "cause": {
            "known": cause.known,
            "statement": cause.statement,
            "confidence": cause.confidence,
            "evidence": [_at(ref) for ref in cause.evidence],
            "factors": cause.factors,
            "chain": [
                {
                    "effect": link.effect,
                    "because": link.because,
                    "confidence": link.confidence,
                    "evidence": [_at(ref) for ref in link.evidence],
                }
                for link in cause.chain
            ],
        },
        "timeline": [
            {"time": _time(moment.moment), "text": moment.text, "ref": moment.ref} for moment in postmortem.timeline
        ],
        "recovery": dict(recovery_fields(recovery)),
        "follows": postmortem.follows,
        "sources": [
            {
                "id": one.id,
                "kind": one.kind,
                "path": one.path,
                "sha256": one.sha256,
                "size": one.size,
                "revision": one.revision,
            }
            for one in postmortem.sources
        ],
        "gaps": [{"what": gap.what, "at": _at(gap.ref) if gap.ref else None} for gap in postmortem.gaps],
        "skips": [{"code": skip.code, "why": skip.why} for skip in postmortem.skips],
        "faults": [{"code": fault.code, "what": fault.what} for fault in postmortem.faults],
        "searched": postmortem.searched,
        "agents": [
            {
                "id": one.id,
                "parent": one.parent,
                "step": one.step,
                "confidence": one.confidence,
                "model": one.model,
                "cwd": one.cwd,
                "branch": one.branch,
                "start": _time(one.start),
                "end": _time(one.end),
                "launched_with": one.launched_with,
            }
            for one in postmortem.agents
        ],
        "usage": [usage_row(line) for line in postmortem.usage],
        "metrics": _metrics(postmortem.metrics) if postmortem.metrics else {},
        "lanes": [_lane(lane) for lane in postmortem.lanes],
    }


def usage_row(line: UsageLine) -> dict[str, Any]:
    """Return one row of `usage[]`; `cost_usd` null: no price is known."""
    return {
        "step": line.step,
        "agent": line.agent,
        "model": line.model,
        **_tokens(line.tokens),
        "cost_usd": line.cost_usd,
        "lower_bound": line.lower_bound,
    }


def _tokens(tokens: Tokens) -> dict[str, int]:
    return {
        "input": tokens.input,
        "output": tokens.output,
        "cache_read": tokens.cache_read,
        "cache_write_5m": tokens.cache_write_5m,
        "cache_write_1h": tokens.cache_write_1h,
    }


def usage_total(total: UsageTotal) -> dict[str, Any]:
    """Return one sum: its name, tokens, cost, and the models without a price."""
    return {
        "name": total.name,
        **_tokens(total.tokens),
        "cost_usd": total.cost_usd,
        "unpriced": total.unpriced,
        "lower_bound": total.lower_bound,
    }


def _metrics(metrics: Metrics) -> dict[str, Any]:
    return {
        "total": usage_total(metrics.total),
        "by_step": [usage_total(one) for one in metrics.by_step],
        "by_model": [usage_total(one) for one in metrics.by_model],
        "wall_seconds": metrics.wall_seconds,
        "active_seconds": metrics.active_seconds,
        "waited_for_person": metrics.waited_for_person,
        "waited_for_api": metrics.waited_for_api,
        "agents": metrics.agents,
        "most_at_once": metrics.most_at_once,
        "retry_share": metrics.retry_share,
        "recovery_share": metrics.recovery_share,
    }


def _lane(lane: Lane) -> dict[str, Any]:
    return {
        "name": lane.name,
        "agent": lane.agent,
        "step": lane.step,
        "start": _time(lane.start),
        "end": _time(lane.end),
        "marks": [
            {
                "time": _time(mark.moment),
                "kind": mark.kind,
                "text": mark.text,
                "at": _at(mark.ref),
                "findings": mark.findings,
            }
            for mark in lane.marks
        ],
        "left_out": lane.left_out,
    }


def _time(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _at(ref: Ref) -> dict[str, Any]:
    return {"path": ref.place, "line": ref.line}


def _step(step: StepResult) -> dict[str, Any]:
    return {
        "id": step.id,
        "title": step.title,
        "declared": step.declared,
        "started": step.started,
        "status": step.status,
        "verdict": step.verdict,
        "reports": step.reports,
        "commits": step.commits,
    }


def _claim(judged: JudgedClaim) -> dict[str, Any]:
    claim = judged.claim
    return {
        "step": claim.step,
        "about": claim.about,
        "kind": claim.kind,
        "role": claim.role,
        "value": claim.value,
        "subject": claim.subject,
        "superseded": claim.superseded,
        "verdict": judged.verdict,
        "confidence": judged.confidence,
        "commit": judged.commit,
        "twin": judged.twin,
        "reason": judged.reason,
        "at": _at(claim.ref),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "steps": finding.steps,
        "commits": finding.commits,
        "files": finding.files,
        "foreign": [foreign_fields(one) for one in finding.foreign],
        "message": finding.message,
        "at": _at(finding.at),
        "related": [_at(ref) for ref in finding.related],
        "fingerprint": finding.fingerprint,
    }
