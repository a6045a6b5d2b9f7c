"""The oddities of real files: nested quotes, fences in fences, words inside tags, titles, links in a circle."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.documents import READERS, Section, UnreadableDocument, read, sections
from knowledge.windows import LONGEST_WORD, WORDS, cut


def test_bold_words_do_not_break_a_sentence_of_a_page() -> None:
    page = (
        b"<div>Un <b>retour</b> est <a href='#'>gratuit</a>.</div><blockquote>Sous <em>14&nbsp;jours</em>.</blockquote>"
    )
    (section,) = sections(page, "a.html")
    assert "Un retour est gratuit." in section.text
    assert section.sayable == ("Sous 14\u00a0jours.",)


def test_remarks_of_a_page_are_no_text() -> None:
    (section,) = sections(b"<!doctype html><body><!-- ne pas publier -->Bonjour</body>", "a.html")
    assert section.text == "Bonjour"


def test_a_quote_within_a_quote_loses_all_its_signs() -> None:
    (section,) = sections(b"# H\n> > Nous ouvrons\n> > une enquete.\n", "a.md")
    assert section.sayable == ("Nous ouvrons une enquete.",)
    assert ">" not in section.text


def test_a_fence_ends_only_with_its_own_sign() -> None:
    (section,) = sections(b"# H\n```\n~~~\n# pas un titre\n> pas une phrase\n```\n", "a.md")
    assert section.heading == "H"
    assert section.sayable == ()
    assert "# pas un titre" in section.text


def test_a_rule_at_the_top_does_not_swallow_the_page() -> None:
    (section,) = sections(b"---\n\nUn filet, puis un texte.\n", "a.md")
    assert "puis un texte" in section.text


def test_the_title_of_a_word_file_leads_its_headings() -> None:
    word = Document()
    word.add_heading("Charte", 0)
    word.add_heading("Retours", 1)
    word.add_paragraph("Trente jours.")
    packed = io.BytesIO()
    word.save(packed)
    (section,) = sections(packed.getvalue(), "charte.docx")
    assert section.heading == "Charte › Retours"


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "b.md")
    (tmp_path / "b.md").symlink_to(tmp_path / "a.md")
    with pytest.raises(UnreadableDocument):
        read(tmp_path / "a.md", "a.md", tmp_path)


def test_tags_nested_without_end_are_one_unreadable_document() -> None:
    deep = b"<div>" * 20_000 + b"x"
    with pytest.raises(UnreadableDocument) as error:
        sections(deep, "a.html")
    assert error.value.reason == "corrupt"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(sorted(READERS)))
def test_any_bytes_become_sections_or_one_clear_reason(raw: bytes, suffix: str) -> None:
    try:
        found = sections(raw, f"x{suffix}")
    except UnreadableDocument as error:
        assert error.reason in {"empty", "binary", "corrupt", "no_text", "password"}
    else:
        assert found
        assert all(section.text.strip() for section in found)


@given(st.text(min_size=1, max_size=3_000).filter(str.strip))
def test_no_window_grows_however_the_text_is_spaced(text: str) -> None:
    for window in cut([Section("a.md", "H", text)]):
        assert len(window.text) <= (LONGEST_WORD + 1) * WORDS + len("H. ")


def test_the_same_path_in_two_folders_makes_two_windows() -> None:
    one, two = (next(iter(cut([Section("a.md", "H", "texte")], root))) for root in ("/x", "/y"))
    assert one.id != two.id
    assert one.hash == two.hash
