"""What the launcher tells the person at the terminal."""

from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from deploy.local.checks import shown
from deploy.local.origin import SERVICES
from shared.cli.command import DEFAULT_SERVER


def where_to_look(base_url: str, data_dir: Path, *, beyond_this_machine: bool) -> Panel:
    """Where everything is, how to sign in and how to stop."""
    table = Table.grid(padding=(0, 2))
    table.add_row("Start page", f"[bold]{base_url}/[/bold]")
    table.add_row("API", "\n".join(f"{base_url}/{service}/docs" for service in SERVICES))
    server = "" if base_url == DEFAULT_SERVER else f" --server {base_url}"
    table.add_row(
        "Sign in", f"on the start page as anyone listed there, or: knowhow sign-in <person>{server}"
    )
    table.add_row("Data and logs", shown(data_dir))
    table.add_row("Stop", "Ctrl-C")
    if beyond_this_machine:
        table.add_row("[red]Beware[/red]", "Whoever can reach this address can sign in as anyone.")
    return Panel(table, title="Know-how circulates", expand=False)


def say(console: Console, text: str) -> None:
    """Show a sentence as it is."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
