"""How well each detector of words reads: precision and recall on `bench/detectors/<name>.<language>.jsonl`, then every miss.

A line is `{"text", "fires", "context"}`; the context is what stands around the text: `brief` or `comment`, what the comment is
(`answers`), the brand's `country`, the `network`, the `skill`, what left before (`said`, `released`). The cases of `held/` were written
before the detectors were tuned, and not tuned to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import pages
from bot.checks import coherence, copied, humour, inclusive, legal, newsjacking, promises, tact
from bot.checks.subject import Released, Subject
from bot.discover import Check
from bot.triage.irony import irony
from knowledge import brand

FOLDER = Path(__file__).parent / "detectors"
Fires = Callable[[str, str, Mapping[str, Any]], bool]


def subject(text: str, language: str, context: Mapping[str, Any]) -> Subject:
    """The text as a check would be given it."""
    shared = pages.shared()
    network = shared.networks[context.get("network", "instagram")]
    skill = context.get("skill", "reply" if "comment" in context or "released" in context else "post")
    house = brand.find("maison-virevent" if language == "fr" else "tern-and-thistle", [brand.SAMPLES])
    return Subject(
        text=text,
        network=network,
        kind=network.kind(None, skill),
        language=shared.languages[language],
        brand=house.model_copy(update={"inclusive": context.get("inclusive", "")}),
        skill=skill,
        prompt=context.get("brief") or context.get("comment", ""),
        answers=context.get("answers", ""),
        said=tuple(context.get("said", ())),
        law=shared.law(context.get("country", "FR")),
        released=tuple(_released(one, language) for one in context.get("released", ())),
    )


def _released(told: Mapping[str, Any], language: str) -> Released:
    at = datetime.now(UTC) - timedelta(days=3)
    return Released(draft=1, at=at, text=told["text"], language=language, prompt=told.get("comment", ""))


def _check(check: Check, prefix: str = "", but: str = "\0") -> Fires:
    def fires(text: str, language: str, context: Mapping[str, Any]) -> bool:
        keys = [finding.key for finding in check(subject(text, language, context)) if finding.level != "note"]
        return any(key.startswith(prefix) and not key.startswith(but) for key in keys)

    return fires


def _reply(check: Fires) -> Fires:
    """Promises and admissions are read in replies, unless the case says otherwise."""

    def fires(text: str, language: str, context: Mapping[str, Any]) -> bool:
        skill = {"skill": "post"} if "brief" in context else {"skill": "reply"}
        return check(text, language, {**skill, **context})

    return fires


def _legal(text: str, language: str, context: Mapping[str, Any]) -> bool:
    keys = {finding.key for finding in legal.check(subject(text, language, context))}
    wanted = context.get("rule")
    return f"law.{wanted}" in keys if wanted else bool(keys)


def _blames(text: str, language: str, context: Mapping[str, Any]) -> bool:
    keys = {finding.key for finding in tact.check(subject(text, language, context))}
    return bool(keys & {"tact.blame", "tact.threat"})


DETECTORS: dict[str, Fires] = {
    "promise": _reply(_check(promises.check, "promises.", but="promises.admission")),
    "admission": _reply(_check(promises.check, "promises.admission")),
    "coherence": _reply(_check(coherence.check)),
    "newsjacking": _check(newsjacking.check),
    "humour": _check(humour.check),
    "non_apology": _check(tact.check, "tact.non_apology"),
    "blame": _blames,
    "copied": _check(copied.check),
    "inclusive": _check(inclusive.check),
    "irony": lambda text, language, context: irony(text, language).ironic,
    "legal": _legal,
}


def cases(name: str, language: str, folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    for line in (folder / f"{name}.{language}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def main() -> None:
    """A line a detector and language; with `-v` every miss."""
    for folder in (FOLDER, FOLDER / "held"):
        print(f"{folder.name:<14} {'':<3} {'cases':>5} {'fire':>5} {'precision':>9} {'recall':>7}")
        for file in sorted(folder.glob("*.jsonl")):
            name, language = file.stem.split(".")
            if name in DETECTORS:
                _measure(name, language, folder)


def _measure(name: str, language: str, folder: Path) -> None:
    fires = DETECTORS[name]
    told = [(case, fires(case["text"], language, case.get("context", {}))) for case in cases(name, language, folder)]
    wanted = sum(case["fires"] for case, _ in told)
    fired = sum(found for _, found in told)
    right = sum(case["fires"] and found for case, found in told)
    print(f"{name:<14} {language:<3} {len(told):>5} {wanted:>5} {right / max(fired, 1):>9.2f} {right / wanted:>7.2f}")
    for case, found in told if "-v" in sys.argv else ():
        if case["fires"] != found:
            print(f"    {'missed' if case['fires'] else 'wrongly'}: {case['text']}")


if __name__ == "__main__":
    main()
