"""Front matter as agents write it: lists both ways, nesting, and text that is no YAML."""

from hypothesis import given
from hypothesis import strategies as st

from forensics.formats.front_matter import fields_in, first, values_of

TEXT = """---
wave: 2   # after the schema
depends_on: ["03-01", 03-02]
key_files:
  created:
    - src/a.py
  modified: []
note: it says: nothing [of use
commits:
  - hash: 70e05c6
    message: feat
---
# Body
wave: 9
"""


def test_values_know_their_keys_and_lines() -> None:
    fields = fields_in(TEXT)
    wave = first(fields, "wave")
    assert wave is not None
    assert (wave.value, wave.line) == ("2", 2)
    assert [field.value for field in values_of(fields, "depends-on")] == ["03-01", "03-02"]
    assert [(field.value, field.line) for field in values_of(fields, "key-files", "created")] == [("src/a.py", 6)]
    assert values_of(fields, "key-files", "modified") == ()
    assert [field.value for field in values_of(fields, "commits", "hash")] == ["70e05c6"]


def test_no_front_matter_has_no_fields() -> None:
    assert fields_in("# Title\n\nwave: 2\n") == ()


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(fields_in(f"---\n{text}\n---\n"), tuple)
