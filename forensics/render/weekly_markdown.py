"""The week as GitHub-flavoured Markdown. Everything a template prints is escaped unless it was made here."""

from forensics.model.prose import clock
from forensics.model.weekly import WeeklyReport
from forensics.render.markdown import markdown_environment
from forensics.render.weekly import TITLES, claims_of, figure, remark, session_names, title
from forensics.render.weekly_text import sentence


def render_markdown(report: WeeklyReport) -> str:
    """Return the report as Markdown."""
    made = markdown_environment()
    made.filters |= {"figure": figure, "remark": remark, "claims_of": claims_of, "clock": clock}
    trends = {metric.name: metric.points for metric in report.trends}
    text = made.get_template("weekly.md.j2").render(
        report=report,
        sentence=sentence(report),
        title=title(report),
        titles=TITLES,
        names=session_names(report),
        trends=trends,
    )
    return text.rstrip() + "\n"
