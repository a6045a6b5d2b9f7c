"""What is to be published, as people ask for it; what a person's edit leaves of it; what a model gives."""

from __future__ import annotations

import pytest

from bot.checks.subject import Finding, Subject
from bot.domain.draft import Variant
from bot.errors import Refused
from bot.pages import Pages
from bot.steps import check
from bot.steps.route import _format, _format_said
from bot.writers import answers
from knowledge.brand import Brand
from tests.fakes.model import drafted

SAID = [
    ("Prépare une story Instagram : la brume arrive jeudi", "story"),
    ("Il nous faut une story pour rappeler que le service client répond jusqu'à 20 h", "story"),
    ("En carrousel : trois gestes pour la brume", "carousel"),
    ("Fais-nous un carrousel LinkedIn sur notre bilan", "carousel"),
    ("écris un fil pour X : la brume arrive", "thread"),
    ("Publie ça sous forme de thread : la brume arrive", "thread"),
    ("Un reel : l'atelier à 4 h du matin", "reel"),
    ("Fais un short YouTube : l'atelier", "short"),
    ("We need an Instagram story reminding people the desk is open", "story"),
    ("Write it as a thread: the new roast", "thread"),
    ("Make a carousel about our prices", "carousel"),
    ("A pin for the winter table setting", "pin"),
    ("Draft a YouTube short: the roaster at dawn", "short"),
    ("story : la brume arrive", "story"),
    ("Lancement de la brume Calendula le 3 décembre. Une story de plantes et de mains.", None),
    ("Un post X court : perturbations de livraison", None),
    ("Short X post: snow is delaying deliveries", None),
    ("Write a short post about the roast", None),
    ("Le fil de lin de nos sacs vient de Normandie", None),
    ("A short text on our prices", None),
    ("Nouvelle recharge en boutique le 12 décembre", None),
]


@pytest.mark.parametrize(("text", "wanted"), SAID, ids=[text[:40] for text, _ in SAID])
def test_the_words_that_open_a_brief_say_what_it_becomes(text: str, wanted: str | None) -> None:
    assert _format_said(text) == wanted


def test_a_format_that_no_network_has_is_refused_with_what_there_is(pages: Pages) -> None:
    instagram, x = pages.networks["instagram"], pages.networks["x"]
    assert _format("thread", "", [instagram, x]) == "thread"
    with pytest.raises(Refused) as refused:
        _format("thread", "", [instagram])
    assert "carousel" in refused.value.details["known"]


def found(pages: Pages, brand: Brand, network: str, kind: str, text: str, prompt: str = "photo") -> list[Finding]:
    page = pages.networks[network]
    format_ = page.format(kind)
    subject = Subject(
        text=text,
        network=page,
        kind=page.main(format_).kind,
        format=format_,
        pieces=pages.pieces(page, kind, text),
        brand=brand,
        skill="post",
        prompt=prompt,
    )
    return [one for one in check.findings(subject) if one.check != "ideal"]


def test_a_part_that_an_edit_lost_is_a_finding_and_no_error(pages: Pages, brand: Brand) -> None:
    lost = found(pages, brand, "youtube", "video", "▸ Titre\nLe pain\n▸ Mots-clés\npain", prompt="video")
    assert [(one.key, one.details["part"]) for one in lost] == [("publication.missing", "description")]
    many = found(
        pages,
        brand,
        "youtube",
        "video",
        "▸ Titre\nLe pain\n▸ Titre\nDu pain\n▸ Description\nd\n▸ Tags\nt",
        prompt="video",
    )
    assert [one.key for one in many] == ["publication.too_many"]
    odd = found(pages, brand, "x", "thread", "▸ Post 1\nLe pain\n▸ Post 2\nlève\n▸ Titre\nnon\n▸ Post 3\n")
    assert {one.key for one in odd} == {"publication.unknown", "publication.empty"}


def test_a_finding_names_the_part_and_its_number(pages: Pages, brand: Brand) -> None:
    text = f"▸ Post 1\nLe pain\n▸ Post 2\n{'a' * 281}"
    assert [(one.check, one.part, one.place) for one in found(pages, brand, "x", "thread", text)] == [
        ("length", "post", 2)
    ]


def test_a_text_alone_is_checked_as_ever(pages: Pages, brand: Brand) -> None:
    (only,) = found(pages, brand, "x", "post", "a" * 281)
    assert (only.check, only.part) == ("length", "")


@pytest.mark.parametrize(
    ("alt", "says_image"),
    [
        ("Image de deux pains sur une table", True),
        ("Photo du fournil", True),
        ("A picture of two loaves", True),
        ("photo 1 : deux pains", True),
        ("Deux pains sur une table", False),
        ("Une photographe règle son appareil devant le fournil", False),
        ("Imagerie du grain au microscope", False),
        ("Two loaves beside a picture frame", False),
    ],
)
def test_an_alternative_text_describes(pages: Pages, brand: Brand, alt: str, says_image: bool) -> None:
    text = f"▸ Légende\nLe pain\n▸ Texte alternatif 1\n{alt}"
    assert ("alt_text" in {one.check for one in found(pages, brand, "instagram", "post", text)}) is says_image


def test_nobody_posts_where_one_only_replies(pages: Pages, brand: Brand) -> None:
    assert [one.check for one in found(pages, brand, "trustpilot", "review_reply", "Le pain")] == ["no_post"]


class TestAModel:
    """It gives parts by their names, or a text with headings; the rest is as for any draft."""

    @staticmethod
    def read(pages: Pages, **given: object) -> tuple[Variant, ...]:
        from bot.domain.parts import Piece, lay

        format_ = pages.networks["youtube"].formats["video"]

        def join(pieces: list[Piece]) -> str:  # type: ignore[type-arg]
            return lay(pieces, format_, pages.labels("fr"))

        message = drafted("", postures=["sober"])
        message.tool_calls[0]["args"]["variants"] = [{"posture": "sober", **given}]
        return answers.read(message, ("sober",), 0, "fr", join=join).variants  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "given",
        [
            {"parts": [{"name": "title", "text": "Le pain"}, {"name": "description", "text": "Il lève."}]},
            {"parts": {"title": "Le pain", "description": "Il lève."}},
            {"text": "▸ Titre\nLe pain\n\n▸ Description\nIl lève."},
        ],
        ids=["listed", "named", "headings"],
    )
    def test_its_parts_become_one_text(self, pages: Pages, given: dict[str, object]) -> None:
        (variant,) = self.read(pages, **given)
        assert variant.text == "▸ Titre\nLe pain\n\n▸ Description\nIl lève."

    def test_it_is_asked_for_parts_by_their_names(self) -> None:
        variant = answers.schema(("sober",), ("title", "tags"))["properties"]["variants"]["items"]
        assert variant["required"] == ["posture", "parts"]
        assert variant["properties"]["parts"]["items"]["properties"]["name"]["enum"] == ["title", "tags"]
        assert "text" in answers.schema(("sober",))["properties"]["variants"]["items"]["properties"]
