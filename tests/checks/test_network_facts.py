"""What a network's page states, and a text can break, is found: each through the check's own door."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import pytest

from bot.checks.subject import Finding, Subject
from bot.pages import Pages
from bot.steps.check import findings

Make = Callable[..., Subject]
LONG = "Le pain de seigle revient à Wazemmes après des semaines de travail sur le levain, le four et la mouture du moulin voisin"


@pytest.fixture
def told(subject: Make) -> Callable[..., dict[str, Finding]]:
    """The findings on a text, by their key, on a network and for a kind of text."""

    def told(text: str, network: str, kind: str) -> dict[str, Finding]:
        return {one.key: one for one in findings(subject(text, "", network, kind=kind, brand=None, skill=""))}

    return told


Told = Callable[..., dict[str, Finding]]

BROKEN = [
    # network, kind, text, finding, level, excerpt
    ("youtube", "title", "Pain <3 levain", "refused", "block", "<"),
    ("youtube", "description", "Prix > 4 €", "refused", "block", ">"),
    ("youtube", "short_video", "a < b", "refused", "block", "<"),
    ("x", "post", "Seigle\uffff", "refused", "warn", "Seigle"),
    ("x", "post", "On suit $BTN et $AAPL.", "cashtags", "block", "$AAPL"),
    ("x", "post", f"#{'a' * 101}", "tag_length", "warn", "aaa"),
    ("bluesky", "post", f"#{'é' * 65}", "tag_length", "block", "éé"),
    ("youtube", "tags", f"pain, {'b' * 101}", "tag_length", "block", "bbb"),
    ("threads", "post", "#un et #deux", "hashtags", "warn", "#deux"),
    ("threads", "post", " ".join(f"https://a{n}.example" for n in range(6)), "links", "block", "a5.example"),
    ("google", "post", "Voir https://moulin.example", "links", "warn", "moulin"),
    ("instagram", "caption", "Lire https://moulin.example", "dead_link", "warn", "moulin"),
    ("instagram", "comment", "Lire https://moulin.example", "dead_link", "warn", "moulin"),
    ("tiktok", "caption", "Lire https://moulin.example", "dead_link", "warn", "moulin"),
    ("pinterest", "description", "Lire https://moulin.example", "dead_link", "warn", "moulin"),
    ("youtube", "short_video", "Lire https://moulin.example", "dead_link", "warn", "moulin"),
    ("tiktok", "short_video", "Une ligne\nune autre", "line_breaks", "warn", "Une ligne"),
    ("linkedin", "post", "Du **gras** ici", "markdown", "warn", "**gras**"),
    ("facebook", "comment", "[le guide](https://moulin.example)", "markdown", "warn", "le guide"),
    ("instagram", "caption", "# Un titre", "markdown", "warn", "# Un titre"),
    ("x", "post", "du `code` ici", "markdown", "warn", "`code`"),
    ("reddit", "title", "Du **gras**", "markdown", "warn", "gras"),
    ("snapchat", "ad_headline", "Le seigle 🥖", "emoji_refused", "warn", "🥖"),
    ("google", "post", f"{LONG}.", "fold", "note", "semaines"),
    ("youtube", "title", LONG[:99], "fold", "note", "semaines"),
    ("instagram", "story", f"{LONG}.", "ideal_long", "note", ""),
    ("linkedin", "post", "Court.", "ideal_short", "note", ""),
    ("x", "post", "Le pain #un #deux #trois", "ideal_tags", "note", "#trois"),
    ("linkedin", "post", " ".join(f"#tag{n}a" for n in range(6)), "ideal_tags", "note", "#tag5a"),
]


@pytest.mark.parametrize(("network", "kind", "text", "key", "level", "excerpt"), BROKEN)
def test_what_a_text_breaks_is_found_with_its_words(
    network: str, kind: str, text: str, key: str, level: str, excerpt: str, told: Told
) -> None:
    found = told(text, network, kind)
    assert f"finding.{key}" in found
    assert found[f"finding.{key}"].level == level
    assert excerpt in found[f"finding.{key}"].excerpt


FINE = [
    ("youtube", "comment", "Le levain < 4 h", "refused"),
    ("linkedin", "post", "Le levain < 4 h", "refused"),
    ("x", "post", "On suit $BTN, et le pain coûte 4$ ou $4.", "cashtags"),
    ("x", "post", "$ seul, US$BTN, https://a.example/$BTN", "cashtags"),
    ("facebook", "post", "$BTN $AAPL", "cashtags"),
    ("x", "post", f"#{'a' * 100}", "tag_length"),
    ("youtube", "tags", ", ".join("b" * 90 for _ in range(3)), "tag_length"),
    ("threads", "post", "#un", "hashtags"),
    ("facebook", "post", "Lire https://moulin.example", "dead_link"),
    ("youtube", "description", "Lire https://moulin.example", "dead_link"),
    ("instagram", "caption", "Le lien est en bio.", "dead_link"),
    ("instagram", "caption", "Une ligne\n\nune autre", "line_breaks"),
    ("tiktok", "caption", "Une seule ligne.\n", "line_breaks"),
    ("tiktok", "comment", "Une ligne\nune autre", "line_breaks"),
    ("reddit", "post", "Du **gras**, [un lien](https://moulin.example)\n# Titre", "markdown"),
    ("youtube", "comment", "Du *gras* et -barré-", "markdown"),
    ("facebook", "post", "- un\n- deux\n* trois\n#MoulinDoré 2 * 3 * 4, snake_case_name, __init", "markdown"),
    ("snapchat", "short_video", "Le seigle 🥖", "emoji_refused"),
    ("google", "post", f"Le pain de seigle revient. {LONG}.", "fold"),
    ("google", "post", "Le pain de seigle revient.", "fold"),
    ("linkedin", "post", " ".join(["mot"] * 150), "ideal_short"),
    ("x", "comment", "Merci !", "ideal_short"),
    ("x", "post", "Le pain #un #deux", "ideal_tags"),
    ("instagram", "caption", "#aa #bb #cc #dd #ee #ff", "ideal_tags"),
    ("x", "post", " ".join(f"#t{n}a" for n in range(51)), "ideal_tags"),
    ("facebook", "post", " ".join(["mot"] * 40), "ideal_long"),
]


@pytest.mark.parametrize(("network", "kind", "text", "key"), FINE)
def test_what_a_text_may_do_is_not_found(network: str, kind: str, text: str, key: str, told: Told) -> None:
    assert f"finding.{key}" not in told(text, network, kind)


@pytest.mark.parametrize("hostile", ["**", "__a", "[a](", "`a", "~~a", "# ", "$", "$A.", "#a", "<", "a. ", "…", "\n"])
def test_two_hundred_thousand_signs_of_anything_are_read_at_once(hostile: str, subject: Make) -> None:
    from bot.checks import cashtags, fold, formatting, ideal, refused

    text = (hostile * 200_000)[:200_000]
    subjects = [subject(text, "", network, kind=kind) for network, kind in (("youtube", "title"), ("x", "post"))]
    started = perf_counter()
    for one in subjects:
        for module in (cashtags, fold, formatting, ideal, refused):
            list(module.check(one))
    assert perf_counter() - started < 2


def test_only_a_hard_fact_of_high_confidence_blocks(pages: Pages, subject: Make) -> None:
    """Whatever limit of whatever page a long text breaks, its finding has the level that the page's confidence bears."""
    for network in pages.networks.values():
        for kind, known in network.kinds.items():
            limit = known.max
            if limit is None or limit.value > 10_000:
                continue
            broken = findings(subject("é, " * (limit.value + 2), "", network.name, kind=kind, brand=None, skill=""))
            length = next(one for one in broken if one.check == "length" and one.details["limit"] == limit.value)
            sure = limit.severity == "hard" and limit.confidence == "high"
            assert length.level == ("block" if sure else "warn"), (network.name, kind)
            assert bool(length.details["confidence"]) is (limit.confidence != "high")
