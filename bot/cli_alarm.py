"""`bonton alarm`: what the alarm would have raised over a history of mentions. Parses and prints, as `cli.py` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.alarm.detector import Alarm, Step
    from bot.alarm.episode import Episode
    from bot.view import View


def command(view: Callable[[], View], print_json: Callable[[Any], None]) -> Callable[..., None]:
    """The command, in the command line's own voice."""

    def alarm(
        files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="CSV: time,count[,negative], a row a step.")],
        replay: Annotated[bool, typer.Option("--replay", help="Run over these histories.")] = False,
        chart: Annotated[
            bool, typer.Option("--chart", help="Draw each, and write FILE.svg beside where you are.")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout and nothing else.")] = False,
    ) -> None:
        """Bad buzz or noise: the episodes of a history of mentions, their level (1 to 4), and why."""
        from bot.alarm import detector, series
        from bot.errors import Refused

        said = view()
        if not replay:
            raise Refused("alarm.replay_needed")
        histories = [(file, *series.read(file)) for file in files]
        told = []
        for file, rows, step in histories:
            ran = detector.replay(rows, step)
            told.append({"file": file.name, **_told(ran, said)})
            picture = _draw(file, rows, ran, said) if chart else None
            if picture is not None:
                told[-1]["chart"] = str(picture)
            if not as_json:
                _print(file, rows, ran, said, drawn=chart)
        if as_json:
            alone = {key: value for key, value in told[0].items() if key != "file"}
            print_json(alone if len(told) == 1 else {"files": told})

    return alarm


def _told(ran: Alarm, view: View) -> dict[str, Any]:
    """The contract's JSON (design section 5), and a few fields more."""
    told: dict[str, Any] = {"episodes": [_episode(episode, view) for episode in ran.all]}
    told["judged_from"] = ran.judged_from.isoformat() if ran.judged_from else None
    if ran.judged_from is None:
        told["note"] = view.say("alarm.not_enough")
    return told


def _episode(episode: Episode, view: View) -> dict[str, Any]:
    return {
        "start": episode.start.isoformat(),
        "end": episode.last.isoformat(),
        "level": episode.level,
        "confidence": episode.confidence,
        "certainty": episode.certainty,
        "negative": episode.negative,
        "score": episode.score,
        "reasons": [view.said(reason.said) for reason in episode.reasons],
        "evidence": [reason.model_dump() for reason in episode.reasons],
    }


def _print(file: Path, rows: list[Step], ran: Alarm, view: View, *, drawn: bool) -> None:
    from bot.alarm import chart

    typer.secho(view.say("alarm.file", file=file.name, count=len(ran.all)), bold=True)
    if ran.judged_from is None:
        typer.echo("  " + view.say("alarm.not_enough"))
    if drawn:
        for line in chart.line(rows, ran.all):
            typer.echo(f"  {line}")
    for episode in ran.all:
        level = view.say(f"alarm.level_{episode.level}")
        sure = view.say(f"alarm.sure_{episode.certainty}")
        typer.echo(f"  {episode.start:%Y-%m-%d %H:%M} → {episode.last:%m-%d %H:%M}  {episode.level} · {level} · {sure}")
        for reason in episode.reasons:
            typer.echo(f"    {view.said(reason.said)}")


def _draw(file: Path, rows: list[Step], ran: Alarm, view: View) -> Path:
    from bot.alarm import chart

    place = Path.cwd() / f"{file.stem}.svg"
    words = (view.say("alarm.mentions"), view.say("alarm.negatives"))
    place.write_text(chart.svg(rows, ran.all, file.stem, *words), encoding="utf-8")
    return place
