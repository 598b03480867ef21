"""The command `knowhow`: everything that one can ask of the house from a terminal or a script."""

from collections.abc import Callable

import typer

from shared.cli import (
    amend,
    capture,
    communities,
    curators,
    dead_letters,
    decide,
    entries,
    feed,
    items,
    keys,
    library,
    operate,
    people,
    reviews,
    sharing,
    subscriptions,
)
from shared.cli.command import asking
from shared.cli.importing import command as importing

Commands = dict[str, Callable[..., None]]

PANELS: dict[str, Commands] = {
    "Who you are": {"sign-in": people.sign_in, "sign-out": people.sign_out, "whoami": people.whoami},
    "Discover and share": {
        "capture": capture.capture,
        "import": importing.import_files,
        "items": items.items,
        "item": items.item,
        "journey": items.journey,
        "amend": amend.amend,
        "withdraw": amend.withdraw,
        "endorse": sharing.endorse,
        "try": sharing.try_it,
        "nominate": sharing.nominate,
    },
    "Codify": {
        "reviews": reviews.reviews,
        "decide": decide.decide,
        "entry": entries.entry,
        "retire": entries.retire,
    },
    "Spread": {
        "subscribe": subscriptions.subscribe,
        "subscriptions": subscriptions.subscriptions,
        "unsubscribe": subscriptions.unsubscribe,
        "feed": feed.feed,
        "search": library.search,
        "adopt": library.adopt,
    },
    "Operate": {
        "status": operate.status,
        "announce-again": operate.announce_again,
        "reindex": operate.reindex,
    },
}
GROUPS: dict[str, tuple[str, str, Commands]] = {
    "communities": (
        "Discover and share",
        "Who shares what with whom.",
        {
            "list": communities.show_all,
            "create": communities.create,
            "join": communities.join,
            "leave": communities.leave,
        },
    ),
    "curators": (
        "Codify",
        "Who has the say over which topics.",
        {"list": curators.show_all, "set": curators.appoint, "remove": curators.remove},
    ),
    "keys": ("Codify", "A curator's own signing key.", {"new": keys.new}),
    "dead-letters": (
        "Operate",
        "What could not be heard.",
        {
            "list": dead_letters.show_all,
            "show": dead_letters.show_one,
            "replay": dead_letters.replay,
            "discard": dead_letters.discard,
        },
    ),
}
EPILOG = (
    "Exit codes: 0 done; 1 refused by the rules, or a service is not ready; 2 wrong usage; 3 not signed in; "
    "4 a server is away; 130 interrupted. Every command takes --server (or KNOWHOW_SERVER) and --json."
)


def _app() -> typer.Typer:
    made = typer.Typer(
        name="knowhow",
        help="Moves practical AI know-how from one desk to every department that can use it, and back.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for panel, commands in PANELS.items():
        _add(made, commands, panel)
    for name, (panel, about, commands) in GROUPS.items():
        group = typer.Typer(name=name, help=about, no_args_is_help=True)
        _add(group, commands, None)
        made.add_typer(group, rich_help_panel=panel)
    return made


def _add(to: typer.Typer, commands: Commands, panel: str | None) -> None:
    for name, work in commands.items():
        to.command(name, rich_help_panel=panel)(asking(work))


app = _app()
