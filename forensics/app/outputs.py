"""Every output format: its name, the ending of its files, and the views it has. Commands, help and completion read this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from forensics.errors import UsageError
from forensics.model.prose import quote
from forensics.render.visible import inert

# Columns where the output is not a terminal, as in a file or a pipe.
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Format:
    """One format; one without an ending is only printed. `views` has, by the type of the result, the renderer as `module:function`: it is imported when used."""

    name: str
    ending: str
    views: Mapping[str, str]


_RENDER = "forensics.render"
FORMATS = (
    Format("text", ".txt", {
        "Postmortem": f"{_RENDER}.text:render_text",
        "Rescue": f"{_RENDER}.recovery:render_recovery",
        "WeeklyReport": f"{_RENDER}.weekly_text:render_text",
        "UsageReport": f"{_RENDER}.usage:render_usage",
        "Verification": f"{_RENDER}.verification:render_verification",
        "Checked": f"{_RENDER}.verification:render_checked",
    }),
    Format("md", ".md", {
        "Postmortem": f"{_RENDER}.markdown:render_markdown",
        "WeeklyReport": f"{_RENDER}.weekly_markdown:render_markdown",
    }),
    Format("html", ".html", {
        "Postmortem": f"{_RENDER}.html:render_html",
        "WeeklyReport": f"{_RENDER}.weekly_html:render_html",
    }),
    Format("json", ".json", {
        "Postmortem": f"{_RENDER}.documents.postmortem:render_postmortem_json",
        "Rescue": f"{_RENDER}.documents.recovery:render_recovery_json",
        "WeeklyReport": f"{_RENDER}.documents.weekly:render_weekly_json",
        "UsageReport": f"{_RENDER}.documents.usage:render_usage_json",
        "Verification": f"{_RENDER}.documents.verification:render_check_json",
        "Checked": f"{_RENDER}.documents.verification:render_check_json",
    }),
    Format("csv", ".csv", {
        "WeeklyReport": f"{_RENDER}.weekly:render_csv",
        "UsageReport": f"{_RENDER}.usage:render_csv",
    }),
    Format("github", "", {
        "Verification": f"{_RENDER}.verification:render_github",
        "Checked": f"{_RENDER}.verification:render_github",
    }),
    Format("llm", "", {
        "Verification": f"{_RENDER}.verification:render_llm",
        "Checked": f"{_RENDER}.verification:render_llm",
    }),
    Format("parquet", ".parquet", {"WeeklyReport": "forensics.app.weekly:render_parquet"}),
)  # fmt: skip
_BINARY = frozenset({"parquet"})


def names(result: str) -> list[str]:
    """Return the formats that can be printed for a type of result."""
    return [form.name for form in FORMATS if result in form.views and form.name not in _BINARY]


def endings(result: str) -> list[str]:
    """Return the endings of files that a type of result can be written to."""
    return [form.ending for form in FORMATS if form.ending and result in form.views]


def check_name(result: str, name: str) -> str:
    """Return a format's name if a type of result can be printed in it; raises UsageError."""
    if name not in names(result):
        raise UsageError(f"Unknown format {quote(name)}.", try_=f"Try {_either(names(result))}.")
    return name


def check_path(result: str, path: Path) -> str:
    """Return the name of the format that a file's ending asks for; raises UsageError if there is none."""
    for form in FORMATS:
        if form.ending and path.suffix.lower() == form.ending and result in form.views:
            return form.name
    raise UsageError(f"Unknown file ending in {quote(path.name)}.", try_=f"Try {_either(endings(result))}.")


def rendered(result: Any, name: str = "text", width: int = WIDTH) -> str:
    """Return a result in a text format; only `text` depends on `width` (columns)."""
    text = _view(result, name, width)
    return text if isinstance(text, str) else text.decode()


def write(result: Any, path: Path) -> None:
    """Write a result to a file in the format of its ending; raises UsageError if it cannot be written."""
    view = _view(result, check_path(type(result).__name__, path), WIDTH)
    write_file(path, view.encode() if isinstance(view, str) else view)


def write_file(path: Path, content: bytes, *, executable: bool = False) -> None:
    """Write a file whole; raises UsageError if it cannot be written, and then an earlier file is as it was."""
    from forensics.sources.whole_files import write_whole

    try:
        write_whole(path, content, executable=executable)
    except OSError as error:
        what = f"Cannot write {quote(str(path))}: {error.strerror or error}."
        raise UsageError(what, try_="Choose another file.") from None


def _view(result: Any, name: str, width: int) -> str | bytes:
    place = next(form.views[type(result).__name__] for form in FORMATS if form.name == name)
    module, _, function = place.partition(":")
    render = getattr(import_module(module), function)
    view: str | bytes = inert(render(result, width)) if name == "text" else render(result)
    return view


def _either(choices: list[str]) -> str:
    return " or ".join(filter(None, (", ".join(choices[:-1]), choices[-1])))
