"""Tells what happened: on the terminal, as JSON, and as a page."""

from rich.console import Console
from rich.table import Table

from tests.chaos.run import Result


def tell(result: Result, console: Console) -> None:
    """Show it."""
    console.print(_faults(result))
    console.print(_findings(result))
    for finding in result.findings:
        for wrong in finding.wrong[:6]:
            console.print(f"  {finding.name}: {wrong}", style="red", soft_wrap=True)


def _faults(result: Result) -> Table:
    table = Table("fault", "", "recovered (s)", "goal", "seen", title=f"{result.seconds:.0f} s, {result.kills} service deaths")
    for ran in result.faults:
        slowest = "" if ran.slowest is None else f"{ran.slowest:.1f}"
        seen = ran.not_run or "; ".join([*ran.notes, *ran.failed])
        table.add_row(ran.fault, ran.title, slowest, f"{ran.goal:g}", seen, style="red" if ran.failed else "")
    return table


def _findings(result: Result) -> Table:
    table = Table("", "invariant", "counted", "wrong")
    for finding in result.findings:
        counted = ", ".join(f"{number:,} {what}" for what, number in finding.counted.items())
        table.add_row(finding.name, finding.says, counted, str(len(finding.wrong)), style="" if finding.holds else "red")
    return table
