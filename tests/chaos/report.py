"""Tells what happened: on the terminal, as JSON for programs, and as one page for people."""

import json
from dataclasses import asdict
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from tests.chaos.arena import told
from tests.chaos.drawing import timeline
from tests.chaos.options import SERVERS
from tests.chaos.run import Result

SHOWN = 6


def tell(result: Result, console: Console) -> None:
    """Show it, and write `report.json` and `report.html` into the report's folder."""
    console.print(_faults(result))
    console.print(_findings(result))
    for finding in result.findings:
        for wrong in finding.wrong[:SHOWN]:
            console.print(f"{finding.name}: {wrong}", style="red", soft_wrap=True, highlight=False)
    folder = result.options.report
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(_as_json(result), indent=1, default=str), "utf-8")
    (folder / "report.html").write_text(_page(result), "utf-8")
    console.print(
        f"{_verdict(result)}; {folder / 'report.html'} shows what happened when. Again: {result.options.again()}"
    )


def _verdict(result: Result) -> str:
    late = ", ".join(dict.fromkeys(result.late))
    not_run = ", ".join(ran.fault for ran in result.faults if ran.not_run)
    return "; ".join(
        [
            "Everything holds" if result.holds else "Something does not hold",
            *([f"longer than its goal took the recovery from {late}"] if late else []),
            *([f"not run: {not_run}"] if not_run else []),
        ]
    )


def _faults(result: Result) -> Table:
    table = Table("fault", "", "seen", title=f"{result.seconds:.0f} s, {result.kills} deaths of services")
    for ran in result.faults:
        table.add_row(
            ran.fault, ran.title, told(ran), style="red" if ran.failed else "yellow" if ran.late else ""
        )
    return table


def _findings(result: Result) -> Table:
    table = Table("", "invariant", "counted", "wrong")
    for finding in result.findings:
        counted = ", ".join(f"{number:,} {what}" for what, number in finding.counted.items())
        style = "" if finding.holds else "red"
        table.add_row(finding.name, finding.says, counted, str(len(finding.wrong)), style=style)
    return table


def _as_json(result: Result) -> dict[str, object]:
    return {
        "holds": result.holds,
        "options": asdict(result.options),
        "again": result.options.again(),
        "seconds": result.seconds,
        "kills": result.kills,
        "invariants": [finding.as_json() for finding in result.findings],
        "faults": [asdict(ran) for ran in result.faults],
        "timeline": result.timeline.as_json(),
    }


def _page(result: Result) -> str:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    options = result.options
    return templates.get_template("report.html").render(
        seed=options.seed,
        holds=result.holds,
        verdict=_verdict(result),
        seconds=result.seconds,
        kills=result.kills,
        mutation=options.mutation,
        instances=options.instances,
        rate=options.rate,
        subscriptions=options.subscriptions,
        items=len(result.history.done("capture")),
        requests=result.history.answers.total(),
        servers=", ".join(f"{name} {'given' if name in options.given else 'embedded'}" for name in SERVERS),
        again=options.again(),
        findings=result.findings,
        faults=result.faults,
        drawing=Markup(timeline(result)),  # noqa: S704 - made from numbers, and what is text in it is escaped.
    )
