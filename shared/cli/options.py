"""The arguments and options that several commands share, each with one name and one meaning."""

from pathlib import Path
from typing import Annotated

import typer

from shared.contracts.base import Attribution, Kind, TrialOutcome

ItemId = Annotated[str, typer.Argument(metavar="ITEM", help="The item's id.")]
EntryId = Annotated[
    str, typer.Argument(metavar="ENTRY", help="The library entry's id, with or without :VERSION.")
]
Outcome = Annotated[TrialOutcome, typer.Argument(help="What came of it.")]
Service = Annotated[str | None, typer.Option("--service", help="Only this service; otherwise all four.")]

OneKind = Annotated[Kind | None, typer.Option("--kind", help="Only this kind.")]
Kinds = Annotated[
    list[Kind] | None, typer.Option("--kind", help="Only these kinds; may be given repeatedly.")
]
OneTopic = Annotated[str | None, typer.Option("--topic", help="Only this topic, such as finance/invoicing.")]
Topics = Annotated[
    list[str] | None,
    typer.Option("--topic", help="A topic such as finance/invoicing; may be given repeatedly."),
]
Limit = Annotated[int, typer.Option("--limit", min=0, help="How many at most; 0 for all.")]
Comment = Annotated[str | None, typer.Option("--comment", help="A word why.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.")]
Note = Annotated[str | None, typer.Option("--note", help="What others should know about it.")]
Department = Annotated[str | None, typer.Option("--department", help="Your own where you do not say.")]
As = Annotated[Attribution, typer.Option("--as", help="How the author wishes to be known.")]
Wait = Annotated[
    float, typer.Option("--wait", min=0, help="Seconds to ask a server again that is busy or away meanwhile.")
]
NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", dir_okay=False, help="A file that does not exist yet.")
]
