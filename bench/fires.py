"""Each detector of words as one question, for `bench/detectors/<name>.<language>.jsonl`: does it fire on this text?

A line is `{"text", "fires", "context"}`; the context is what stands around the text: `brief` or `comment`, what the comment is
(`answers`), the brand's `country`, the `network`, the `skill`, the texts that left before (`said`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot import pages
from bot.checks import copied, humour, inclusive, legal, newsjacking, tact
from bot.checks.subject import Subject
from bot.discover import Check
from bot.triage.irony import irony
from knowledge import brand

FOLDER = Path(__file__).parent / "detectors"
Fires = Callable[[str, str, Mapping[str, Any]], bool]


def subject(text: str, language: str, context: Mapping[str, Any]) -> Subject:
    """The text as a check would be given it."""
    shared = pages.shared()
    network = shared.networks[context.get("network", "instagram")]
    skill = context.get("skill", "reply" if "comment" in context else "post")
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
    )


def _check(check: Check, prefix: str = "") -> Fires:
    def fires(text: str, language: str, context: Mapping[str, Any]) -> bool:
        found = check(subject(text, language, context))
        return any(finding.level != "note" and finding.key.startswith(prefix) for finding in found)

    return fires


def _legal(text: str, language: str, context: Mapping[str, Any]) -> bool:
    keys = {finding.key for finding in legal.check(subject(text, language, context))}
    wanted = context.get("rule")
    return f"law.{wanted}" in keys if wanted else bool(keys)


def _blames(text: str, language: str, context: Mapping[str, Any]) -> bool:
    keys = {finding.key for finding in tact.check(subject(text, language, context))}
    return bool(keys & {"tact.blame", "tact.threat"})


DETECTORS: dict[str, Fires] = {
    "newsjacking": _check(newsjacking.check),
    "humour": _check(humour.check),
    "non_apology": _check(tact.check, "tact.non_apology"),
    "blame": _blames,
    "copied": _check(copied.check),
    "inclusive": _check(inclusive.check),
    "irony": lambda text, language, context: irony(text, language).ironic,
    "legal": _legal,
}


def cases(name: str, language: str) -> Iterator[dict[str, Any]]:
    for line in (FOLDER / f"{name}.{language}.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def main() -> None:
    """Precision and recall a detector and language, and with `-v` every miss."""
    print(f"{'detector':<12} {'':<3} {'cases':>5} {'fire':>5} {'precision':>9} {'recall':>7}")
    for file in sorted(FOLDER.glob("*.jsonl")):
        name, language = file.stem.split(".")
        if name not in DETECTORS:
            continue
        told = [
            (case, DETECTORS[name](case["text"], language, case.get("context", {}))) for case in cases(name, language)
        ]
        wanted = sum(case["fires"] for case, _ in told)
        fired = sum(found for _, found in told)
        right = sum(case["fires"] and found for case, found in told)
        print(f"{name:<12} {language:<3} {len(told):>5} {wanted:>5} {right / fired:>9.2f} {right / wanted:>7.2f}")
        for case, found in told if "-v" in sys.argv else ():
            if case["fires"] != found:
                print(f"    {'missed' if case['fires'] else 'wrongly'}: {case['text']}")


if __name__ == "__main__":
    main()
