"""How long the checks of one draft take, with its network's page, its brand and eight passages loaded; and 10,000 texts by `--lines`.

Real pages, the sample brands, replies whose figures differ, so that nothing of a draft is remembered from the one before.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

from bot.app import Bonton
from bot.checks.subject import Subject
from bot.settings import Settings
from bot.steps import check
from knowledge.brand import Brand

LIMIT_MS, LIMIT_SECONDS = 5, 30
DRAFTS, LINES, PASSAGES, WORDS = 300, 10_000, 8, 60
REPLIES = {
    ("maison-virevent", "fr"): (
        "Attendre, relancer, attendre encore : {n} jours de retard et un service client resté silencieux, il y a de quoi être à "
        "bout. Nous en sommes sincèrement désolés 😔. Un suivi immobile depuis 5 jours ouvrés déclenche une enquête. Pouvez-vous "
        "nous écrire en message privé avec le numéro de commande ? Nous regardons où le colis s’est arrêté. — L’équipe Virevent"
    ),
    ("tern-and-thistle", "en"): (
        "{n} days for a bag of beans is too long, and it is not how we like to do things. Sorry you were left waiting, and with "
        "no answer on top. Could you send us a private message with your order number? We'll look at where your parcel stopped "
        "and write back to you there with what happened and what comes next. All the best, the Tern & Thistle team"
    ),
}
NETWORKS = ("instagram", "x", "facebook", "mastodon")


def measure(bonton: Bonton) -> list[float]:
    """Milliseconds of each draft: every check, and the counter."""
    mix = itertools.cycle(itertools.product(NETWORKS, REPLIES))
    passages = {slug: _passages(bonton.brand(slug)) for slug, _ in REPLIES}
    times = []
    for number, (network, (slug, language)) in zip(range(DRAFTS), mix, strict=False):
        page, brand = bonton.pages.networks[network], bonton.brand(slug)
        subject = Subject(
            text=REPLIES[slug, language].format(n=number + 2),
            network=page,
            kind=page.reply.kind,
            language=bonton.pages.languages[language],
            languages=bonton.pages.languages,
            brand=brand,
            register_=brand.register_for(language, network),
            skill="reply",
            prompt=f"{number + 2} days, and nobody answers!",
            passages=passages[slug],
            answers="complaint",
            law=bonton.pages.law(brand.country),
        )
        start = time.perf_counter()
        check.findings(subject)
        check.counter(subject)
        times.append((time.perf_counter() - start) * 1_000)
    return times


def _passages(brand: Brand) -> tuple[str, ...]:
    words = " ".join(page.read_text(encoding="utf-8") for page in sorted(brand.guidelines.rglob("*.md"))).split()
    return tuple(" ".join(words[start : start + WORDS]) for start in range(0, PASSAGES * WORDS, WORDS))


def stream() -> tuple[float, float]:
    """Seconds of one core, and megabytes, that `bonton check --lines` takes for 10,000 texts on the pages of both brands."""
    lines = [
        json.dumps({"id": number, "text": text.format(n=number), "brand": slug, "network": network, "kind": "comment"})
        for number, (network, ((slug, _), text)) in zip(
            range(LINES), itertools.cycle(itertools.product(NETWORKS, REPLIES.items())), strict=False
        )
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--lines"],
        input="\n".join(lines),
        text=True,
        capture_output=True,
        check=True,
    ).stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if [json.loads(line)["id"] for line in told if "length" in line] != list(range(LINES)):
        raise SystemExit("lines are missing, out of order or without a length")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1_024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BONTON_HOME"] = folder
        times = measure(Bonton(Settings()))
        middle, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        print(f"all checks on {DRAFTS} drafts: median {middle:.1f} ms, p95 {p95:.1f} ms", end="; ")
        print(f"limit {LIMIT_MS} ms: {middle / LIMIT_MS:.0%}")
        seconds, megabytes = stream()
        print(f"{LINES:,} texts by --lines: {seconds:.1f} s of one core, {megabytes:.0f} MB", end="; ")
        print(f"limit {LIMIT_SECONDS} s: {seconds / LIMIT_SECONDS:.0%}")


if __name__ == "__main__":
    main()
