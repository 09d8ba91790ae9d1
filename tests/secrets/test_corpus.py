"""Most secrets of the corpus are redacted, all that gitleaks knows in their bare form, and harmless texts stay."""

from functools import cache

import pytest
import re2

from forensics.secrets.recognition import shapes
from forensics.secrets.redaction import REDACTED, redact
from tests.secrets.forms import FORMS, Form, remains
from tests.secrets.harmless import COMMITS, HARMLESS
from tests.secrets.kinds import LISTED, Kind, kinds

LEAST = 0.97


@cache
def _missed() -> tuple[tuple[Kind, Form], ...]:
    return tuple((kind, form) for kind in kinds() for form in FORMS if remains(kind, form, redact(form.written(kind))))


def test_the_corpus_has_more_than_two_hundred_kinds_in_sixteen_forms() -> None:
    assert len(kinds()) > 400
    assert len({kind.id for kind in kinds()}) > 200
    assert len(FORMS) == 16


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_nearly_all_secrets_are_redacted_in_each_form(form: Form) -> None:
    missed = [kind.id for kind, missed_in in _missed() if missed_in is form]
    assert 1 - len(missed) / len(kinds()) >= LEAST, missed


def test_every_kind_that_gitleaks_knows_is_redacted_in_its_bare_form() -> None:
    assert [kind.id for kind, form in _missed() if kind.source == "gitleaks" and form.name == "bare"] == []


def test_every_rule_of_gitleaks_has_a_kind() -> None:
    assert {rule["id"] for rule in LISTED} <= {kind.id for kind in kinds()}


def test_a_secret_in_a_text_of_the_corpus_is_there_before() -> None:
    silent = [(kind.id, form.name) for kind in kinds() for form in FORMS if not remains(kind, form, form.written(kind))]
    assert silent == []


def test_commit_ids_are_never_redacted() -> None:
    assert [redact(text) for text in COMMITS] == list(COMMITS)


def test_harmless_texts_stay() -> None:
    wrong = [(text, redact(text)) for text in HARMLESS if redact(text) != text]
    assert len(HARMLESS) >= 80
    assert len(wrong) <= 1, wrong


def test_redaction_is_stable() -> None:
    shown = [redact(form.written(kind)) for kind in kinds() for form in FORMS]
    assert [text for text in shown if redact(text) != text] == []


def test_every_expression_compiles_and_each_row_finds_its_example() -> None:
    found = [rule for behind in shapes().behind for rule in behind if rule.id != "named"]
    assert len({rule.id for rule in found}) > 300
    for rule in LISTED:
        re2.compile(rule["regex"])
    assert all(REDACTED in redact(FORMS[0].written(kind)) for kind in kinds())
