"""The report as one HTML page that needs nothing else: figures beside goals, plots, and what was done."""

from collections.abc import Mapping, Sequence
from html import escape

from tests.benchmarks.plots import caption, draw
from tests.benchmarks.results import Figure, Result
from tests.benchmarks.telling import goal_of, range_of, verdict, with_unit

STYLE = """
:root{--bg:#fbfaf7;--ink:#22201c;--soft:#6f6a60;--rule:#e2ded5;--card:#fff;--good:#1f7a4d;--bad:#b4442f;
--c1:#2f5f8f;--c2:#d98a2b;--c3:#4d8f6b;--c4:#a8517a;--c5:#7a6fb0}
@media(prefers-color-scheme:dark){:root{--bg:#191816;--ink:#ece8e0;--soft:#a29c90;--rule:#37342f;--card:#22201d;
--good:#6cc093;--bad:#e58a75;--c1:#7fb0de;--c2:#e8ab5f;--c3:#80c39e;--c4:#d68bb0;--c5:#aaa0dd}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
main{max-width:1080px;margin:0 auto;padding:40px 24px 64px}h1{font-size:27px;margin:0 0 4px;letter-spacing:-.01em}
h2{font-size:18px;margin:0 0 10px}h2 b{color:var(--soft);font-weight:600;margin-right:8px}p{margin:0 0 8px}
.lead,.notes,.about{color:var(--soft)}.about{margin-bottom:26px}
section{background:var(--card);border:1px solid var(--rule);border-radius:10px;padding:22px 24px;margin:0 0 20px}
table{border-collapse:collapse;width:100%;table-layout:fixed;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:6px 12px 6px 0;
border-bottom:1px solid var(--rule)}th{color:var(--soft);font-weight:500;font-size:13px}td.n{text-align:right;white-space:nowrap}
th.n{text-align:right}th:first-child{width:38%}tr:last-child td{border-bottom:0}.good{color:var(--good);font-weight:600}.bad{color:var(--bad);font-weight:600}
.plots{display:flex;flex-wrap:wrap;gap:22px;margin-top:18px}figure{margin:0;flex:1 1 420px;max-width:660px}
figcaption{font-weight:600;font-size:14px;margin-bottom:4px}svg{width:100%;height:auto}.grid{stroke:var(--rule)}.axis{stroke:var(--soft)}
.tick{font-size:11px;fill:var(--soft)}.name,.total{font-size:12px;fill:var(--ink)}.total{font-weight:600}
.inside{font-size:11px;fill:#fff}.notes{font-size:13.5px;margin-top:12px}.notes p{margin:0 0 2px}
"""


def page(results: Sequence[Result], about: Mapping[str, str]) -> str:
    """The whole page."""
    where = " · ".join(f"{escape(name)} {escape(value)}" for name, value in about.items())
    parts = "".join(map(_section, results))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Benchmarks of the know-how circulation</title><style>{STYLE}</style><main>"
        '<h1>Benchmarks</h1><p class="lead">Medians, with the interval that holds the true one with 95 %, or with the '
        "range of all runs where they are fewer than six. Goals are goals, not limits: a figure that falls short is "
        "shown like any other.</p>"
        f'<p class="about">{where}</p>{_summary(results)}{parts}</main></html>'
    )


def _summary(results: Sequence[Result]) -> str:
    rows = "".join(
        _row(one, f"{result.name} {one.name}")
        for result in results
        for one in result.figures
        if one.goal is not None
    )
    return f"<section><h2>Beside their goals</h2>{_table(rows)}</section>"


def _section(result: Result) -> str:
    rows = "".join(_row(one, one.name) for one in result.figures)
    plots = "".join(
        f"<figure><figcaption>{escape(caption(plot))}</figcaption>{draw(plot)}</figure>"
        for plot in result.plots
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in result.notes)
    told = f'<p class="bad">{escape(result.failed)}</p>' if result.failed else _table(rows)
    return (
        f"<section><h2><b>{result.name}</b>{escape(result.title)}</h2>{told}"
        f'<div class="plots">{plots}</div><div class="notes">{notes}<p>It took {result.seconds:.0f} s.</p></div></section>'
    )


def _table(rows: str) -> str:
    head = '<th>What<th class="n">Median<th class="n">95 % interval<th class="n">Runs<th class="n">Goal<th>'
    return f"<table><tr>{head}</tr>{rows}</table>"


def _row(one: Figure, name: str) -> str:
    mark = {True: "good", False: "bad", None: ""}[one.reached]
    return (
        f'<tr><td>{escape(name)}<td class="n">{with_unit(one.value, one.unit)}<td class="n">{range_of(one)}'
        f'<td class="n">{one.runs}<td class="n">{goal_of(one)}<td class="{mark}">{verdict(one)}</tr>'
    )
