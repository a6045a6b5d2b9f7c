"""One brief, every network, every format: what each publication keeps, and what none of them may do."""

from __future__ import annotations

import asyncio
import itertools
import re
from functools import cache
from pathlib import Path

import pytest

from bot.domain.counters import length
from bot.domain.draft import Body
from bot.pages import Network, shared
from bot.steps.compose import Assignment, compose
from bot.triage.text import fold
from bot.writers.briefs import read, words
from bot.writers.playbook import PlaybookWriter
from knowledge.brand import Brand, load
from tests.fakes.parts import FakeLibrary, HashEncoder

PAGES = shared()
SAMPLES = Path(__file__).parents[2] / "knowledge" / "brands"
BRIEFS = {
    "maison-virevent": """Lancement de la brume Calendula le jeudi 3 décembre, 24 € les 100 ml, en boutique et en ligne.
Créée avec la Ferme des Restanques (partenariat rémunéré), qui cueille les fleurs à la main en juin.
Le flacon est en verre et se recharge. Une mini-brume de 15 ml offerte aux 200 premières commandes.
Ton simple, sans en faire trop. Cible : femmes de 30 à 45 ans.
Découvrez-la sur https://www.maison-virevent.example/brume
photo 1 : la brume posée sur une pierre claire, trois fleurs de calendula à côté
photo 2 : image de deux mains qui cueillent des fleurs orange dans un champ""",
    "tern-and-thistle": """Write a post: launch of the Harbour Honey latte on Thursday 3 December, £4.20, in our five cafés.
Made with honey from Leith Rooftop Bees, a paid partnership.
The honey is picked in August, two streets from the roastery. A free cardamom bun with the first fifty lattes in each café.
Keep it plain, no big claims. Audience: locals.
Find out more at https://www.ternandthistle.example/honey
Image: latte.jpg: picture of a latte beside an open jar of honey on a wooden counter""",
}
LANGUAGES = {"maison-virevent": "fr", "tern-and-thistle": "en"}
VITAL = {
    "maison-virevent": ("24 €", "jeudi 3 décembre", "Ferme des Restanques"),
    "tern-and-thistle": ("£4.20", "Thursday 3 December", "Leith Rooftop Bees"),
}
FORMATS = [(network.name, name) for network in PAGES.networks.values() for name in network.formats]
EVERY = [(brand, *one) for brand in BRIEFS for one in FORMATS]
every = pytest.mark.parametrize(("brand", "network", "kind"), EVERY, ids=lambda value: value)


@cache
def house(slug: str) -> Brand:
    return load(SAMPLES / slug)


@cache
def made(slug: str, network: str, kind: str, text: str = "", language: str = "", shorter: bool = False) -> Body:
    task = Assignment(
        skill="post",
        brand=house(slug),
        network=PAGES.networks[network],
        kind=kind,
        text=text or BRIEFS[slug],
        language=language or LANGUAGES[slug],
        shorter=shorter,
    )
    return asyncio.run(compose(task, PAGES, FakeLibrary([]), PlaybookWriter(HashEncoder())))


def parts(body: Body, network: Network, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for piece in PAGES.pieces(network, kind, body.text):
        found.setdefault(piece.name, []).append(piece.text)
    return found


def plain(text: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", text)


@every
def test_every_part_is_there_and_within_its_limits(brand: str, network: str, kind: str) -> None:
    page, body = PAGES.networks[network], made(brand, network, kind)
    found = parts(body, page, kind)
    for part in page.formats[kind].parts:
        assert part.min <= len(found.get(part.name, [])) <= part.max, part.name
        for text in found.get(part.name, []):
            for name in ("max", "max_bytes"):
                if limit := page.kinds[part.kind].get(name):
                    assert length(text, limit.unit) <= limit.value
    assert not [one for one in body.findings if one.level != "note"], body.findings


@every
def test_the_date_the_price_and_the_partner_are_kept_exact(brand: str, network: str, kind: str) -> None:
    text = plain(made(brand, network, kind).text)
    for fact in VITAL[brand]:
        assert fact in text or fact[0].upper() + fact[1:] in text, fact


@every
def test_a_paid_partner_is_named_as_one_before_anything_else(brand: str, network: str, kind: str) -> None:
    found = parts(made(brand, network, kind), PAGES.networks[network], kind)
    told = [
        texts[0]
        for name, texts in found.items()
        if name in ("text", "post", "caption", "description", "frame", "slide")
    ]
    mention = words(LANGUAGES[brand]).mention.rstrip(".")
    for text in told or found["title"]:
        assert text.startswith(mention)


@every
def test_nothing_is_said_that_neither_brief_nor_brand_holds(brand: str, network: str, kind: str) -> None:
    body, spoken = made(brand, network, kind), words(LANGUAGES[brand])
    ours = " ".join((spoken.bio, spoken.mention, spoken.mention_with, *spoken.launch, *spoken.tu))
    ground = fold(" ".join((BRIEFS[brand], house(brand).facts, ours))).replace("cosmetique", "cosmetique ")
    known = set(re.findall(r"\w+", ground))
    text = " ".join(text for texts in parts(body, PAGES.networks[network], kind).values() for text in texts)
    odd = [word for word in re.findall(r"\w+", fold(text)) if word not in known and word not in ground]
    assert odd in ([], ["le"])


@every
def test_what_the_brief_says_to_us_is_not_published(brand: str, network: str, kind: str) -> None:
    text = fold(made(brand, network, kind).text)
    for aside in ("ton simple", "cible", "30 a 45", "keep it plain", "audience", "remunere)", "image de", "picture of"):
        assert aside not in text


@pytest.mark.parametrize("brand", BRIEFS)
def test_the_texts_of_two_networks_differ(brand: str) -> None:
    texts = {
        name: made(brand, name, next(iter(page.formats))).text for name, page in PAGES.networks.items() if page.formats
    }
    for one, other in itertools.combinations(texts, 2):
        assert texts[one] != texts[other], f"{one} and {other}"
    openings = {
        re.sub(r"^▸.*\n", "", text).removeprefix(words(LANGUAGES[brand]).mention).strip()[:40]
        for text in texts.values()
    }
    assert len(openings) >= 8


@every
def test_links_stand_where_they_can_be_tapped(brand: str, network: str, kind: str) -> None:
    page = PAGES.networks[network]
    published = " ".join(text for texts in parts(made(brand, network, kind), page, kind).values() for text in texts)
    if page.post.links != "inline":
        assert "http" not in published
    if page.post.links == "bio" and kind not in ("story", "photo"):
        assert words(LANGUAGES[brand]).bio in published


def test_an_image_of_the_brief_becomes_its_description() -> None:
    found = parts(made("maison-virevent", "instagram", "post"), PAGES.networks["instagram"], "post")["alt"]
    assert found == [
        "La brume posée sur une pierre claire, trois fleurs de calendula à côté.",
        "Deux mains qui cueillent des fleurs orange dans un champ.",
    ]


@pytest.mark.parametrize(
    ("text", "language", "alts"),
    [
        ("Le pain revient jeudi, avec la photo de Karim au four.", "fr", ["Karim au four."]),
        ("Bravo à tous les bénévoles, avec la photo du groupe.", "fr", ["Le groupe."]),
        ("Opening on Friday. Photo: the new counter at dawn.", "en", ["The new counter at dawn."]),
        ("Opening on Friday.\nimage: roast.jpg: Sam at the roaster", "en", ["Sam at the roaster."]),
        ("Opening on Friday. Alt: two cups on a bench. Come early.", "en", ["Two cups on a bench."]),
        ("La photo est floue, on la refait.", "fr", []),
    ],
)
def test_images_are_read_as_briefs_name_them(text: str, language: str, alts: list[str]) -> None:
    brief = read(text, language)
    assert [image.alt for image in brief.images] == alts
    said = " ".join(one.text for one in (*brief.statements, *([brief.action] if brief.action else [])))
    assert not any(alt.rstrip(".") in said for alt in alts)


def test_a_network_that_needs_an_image_says_so_when_the_brief_names_none() -> None:
    bare = made("maison-virevent", "instagram", "post", "La brume Calendula arrive le jeudi 3 décembre, 24 €.")
    assert [one.key for one in bare.findings if one.check == "media"] == ["publication.needs_image"]
    assert not [one for one in made("maison-virevent", "instagram", "post").findings if one.check == "media"]


def test_a_grave_brief_bears_no_emoji_and_a_glad_one_may() -> None:
    grave = made(
        "maison-virevent", "facebook", "post", "Rappel du lot 2231 : rapportez le flacon en boutique dès demain."
    )
    assert not re.search(r"[🌿🌼💛]", grave.text)
    assert re.search(r"[🌿🌼💛]", made("maison-virevent", "facebook", "post").text)


@pytest.mark.parametrize("network", ["x", "bluesky", "threads", "mastodon"])
def test_a_long_brief_becomes_a_thread_that_loses_no_statement(network: str) -> None:
    facts = [
        f"Le geste numéro {number} se fait le matin, sur une peau propre et encore humide, sans frotter."
        for number in range(2, 9)
    ]
    body = made("maison-virevent", network, "thread", " ".join(facts), "fr")
    posts = parts(body, PAGES.networks[network], "thread")["post"]
    assert len(posts) >= 3
    for fact in facts:
        assert any(fact.rstrip(".") in plain(post) for post in posts)
    assert all(post.endswith((".", "Virevent")) for post in map(plain, posts))


def test_shorter_is_shorter() -> None:
    long, short = (made("maison-virevent", "instagram", "post", shorter=shorter).text for shorter in (False, True))
    assert len(short) < len(long)


ODD = (
    *("a", "!!!", "https://x.example", "😀" * 300, "mot " * 4_000, "A" * 20_000, "Lancement de la ", "photo :"),
    "(partenariat rémunéré)",
)
SOME = [("x", "post"), ("x", "thread"), ("youtube", "video"), ("instagram", "story"), ("pinterest", "pin")]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize(("network", "kind"), SOME)
def test_a_brief_that_says_little_or_far_too_much_breaks_nothing(text: str, network: str, kind: str) -> None:
    body = made("maison-virevent", network, kind, text, "fr")
    assert not [one for one in body.findings if one.check == "length" and one.level == "block"]
