"""The dialect of pages: slots filled once, in a single pass, and never read again as a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PageError
from bot.wordings import FACETS, SLOTS, Phrase, fill, fits, parse, render, slots_of

HOSTILE = "{brand} {vous|tu} {what?a|b} {{site}} {0} {} {fact!r} %s \\1 \\g<0> $x"


class TestFill:
    @pytest.mark.parametrize(
        ("template", "register", "filled"),
        [
            ("{delay}, c’est long.", "vous", "trois semaines, c’est long."),
            ("{Delay}, c’est long.", "vous", "Trois semaines, c’est long."),
            ("{Écrivez|Écris}-nous.", "vous", "Écrivez-nous."),
            ("{Écrivez|Écris}-nous.", "tu", "Écris-nous."),
            ("{what} {what?est|sont} là.", "vous", "le pain est là."),
            ("{delay} {delay?est|sont} là.", "vous", "trois semaines sont là."),
            ("Merci {emoji}", "vous", "Merci"),
            ("Merci {emoji}\nNora", "vous", "Merci\nNora"),
            ("Merci {emoji} Nora", "vous", "Merci Nora"),
            ("Sans rien.", "tu", "Sans rien."),
        ],
    )
    def test_a_hole_is_filled_as_written(self, template: str, register: str, filled: str) -> None:
        slots = {"delay": Phrase("trois semaines", plural=True), "what": Phrase("le pain")}
        assert fill(template, slots, register) == filled

    def test_what_fills_a_slot_is_never_read_as_a_template(self) -> None:
        assert fill("{what} {brand}.", {"what": Phrase(HOSTILE), "brand": Phrase("B")}) == f"{HOSTILE} B."

    def test_what_nothing_fills_is_named(self) -> None:
        with pytest.raises(PageError, match="amount, delay"):
            fill("{Delay} {amount} {what}", {"what": Phrase("x")})

    def test_agreement_needs_its_slot_too(self) -> None:
        with pytest.raises(PageError, match="what"):
            fill("Cela {what?est|sont} long.", {})

    @given(st.text(max_size=40).map(lambda text: text.strip()).filter(lambda text: text and "  " not in text))
    def test_any_words_come_through_as_they_are(self, words: str) -> None:
        assert fill("[{what}]", {"what": Phrase(words)}) == f"[{words}]"


class TestRender:
    def test_spaces_and_lines_of_the_page_are_kept(self) -> None:
        assert render("a  {x}\n\n  b {y}\n", {"x": "1 ", "y": ""}) == "a  1 \n\n  b \n"

    def test_a_hostile_value_stays_data(self) -> None:
        assert render("<{comment}> {brand}", {"comment": HOSTILE, "brand": "B"}) == f"<{HOSTILE}> B"

    def test_what_is_missing_is_named(self) -> None:
        with pytest.raises(PageError, match="brand, comment"):
            render("{comment} {brand} {x}", {"x": ""})

    @given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(max_size=30), min_size=3))
    def test_each_value_comes_through_whole(self, values: dict[str, str]) -> None:
        assert render("{a}\x00{b}\x00{c}", values) == "\x00".join((values["a"], values["b"], values["c"]))


class TestParse:
    def test_a_line_has_its_tags_text_and_slots(self) -> None:
        wording = parse("- [sober short !delay product] {What} : c'est {what?noté|notés}.", "fr")
        assert wording.text == "{What}\u00a0: c’est {what?noté|notés}."
        assert (wording.postures, wording.wants, wording.bars) == ({"sober"}, {"product"}, {"delay"})
        assert wording.slots == {"what"}

    def test_without_a_posture_it_suits_any(self) -> None:
        assert parse("* Merci.", "fr").postures == {"sober", "empathetic", "firm"}

    @pytest.mark.parametrize(
        ("line", "wrong"),
        [
            ("Merci.", "not a wording line"),
            ("-Merci.", "not a wording line"),
            ("- [sobre] Merci.", "unknown tag sobre"),
            ("- [!sober] Merci.", "unknown tag !sober"),
            ("- Merci {prenom}.", "unknown slot prenom"),
            ("- Merci {Prenom?a|b}.", "unknown slot prenom"),
        ],
    )
    def test_what_is_unknown_is_said(self, line: str, wrong: str) -> None:
        with pytest.raises(PageError, match=wrong):
            parse(line, "fr")

    @pytest.mark.parametrize("slot", sorted(SLOTS))
    def test_every_slot_is_known_with_and_without_its_capital(self, slot: str) -> None:
        assert parse(f"- {{{slot}}}.", "en").slots == {slot}
        assert parse(f"- {{{slot[:1].upper() + slot[1:]}}}.", "en").slots == {slot}

    @pytest.mark.parametrize("facet", sorted(FACETS))
    def test_every_facet_can_be_asked_for_or_ruled_out(self, facet: str) -> None:
        assert parse(f"- [{facet}] Ok.", "en").wants == {facet}
        assert parse(f"- [!{facet}] Ok.", "en").bars == {facet}


@pytest.mark.parametrize(
    ("line", "known", "posture", "suits"),
    [
        ("- Merci.", (), "sober", True),
        ("- [firm] Merci.", (), "sober", False),
        ("- [firm sober] Merci.", (), "sober", True),
        ("- {What}.", (), "sober", False),
        ("- {What}.", ("what",), "sober", True),
        ("- [delay] Trop long.", (), "sober", False),
        ("- [delay] Trop long.", ("delay",), "sober", True),
        ("- [!delay] Merci.", ("delay",), "sober", False),
        ("- Merci {emoji}", (), "empathetic", True),
    ],
)
def test_a_wording_fits_what_is_known(line: str, known: tuple[str, ...], posture: str, suits: bool) -> None:
    assert fits(parse(line, "fr"), known, posture) is suits


def test_a_switch_of_register_is_no_slot() -> None:
    assert slots_of("{vous|tu} {What?a|b} {delay} {emoji}") == {"what", "delay", "emoji"}
