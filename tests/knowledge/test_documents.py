"""Every format gives sections with their heading path and the lines that may be said; what cannot be read says why."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfWriter

from knowledge.documents import LARGEST_MB, READERS, Section, UnreadableDocument, read

MARKDOWN = """\
---
owner: nobody
---
Intro sans titre.

# Livraisons

## Retard
Pour l’équipe : lire le suivi.

> Une enquête est ouverte après
> cinq jours sans mouvement.

> Le retrait est gratuit.

```
# pas un titre
> pas une phrase à dire
```
### Étranger
Texte.
# Retours
Trente jours.
"""


def write(folder: Path, name: str, text: str | bytes) -> list[Section]:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(file, name, folder)


def why(folder: Path, name: str, text: bytes) -> str:
    with pytest.raises(UnreadableDocument) as error:
        write(folder, name, text)
    return error.value.reason


def test_markdown_keeps_heading_paths_and_quoted_lines(tmp_path: Path) -> None:
    sections = write(tmp_path, "a.md", MARKDOWN)
    assert [section.heading for section in sections] == [
        "a",
        "Livraisons › Retard",
        "Livraisons › Retard › Étranger",
        "Retours",
    ]
    late = sections[1]
    assert late.sayable == ("Une enquête est ouverte après cinq jours sans mouvement.", "Le retrait est gratuit.")
    assert "Une enquête est ouverte" in late.text
    assert "pas une phrase" in late.text
    assert "owner" not in sections[0].text


def test_no_break_spaces_of_a_quoted_line_stay(tmp_path: Path) -> None:
    (section,) = write(tmp_path, "a.md", "# H\n> Ouvert dès 8\u00a0h\u202f!\n")
    assert section.sayable == ("Ouvert dès 8\u00a0h\u202f!",)


def test_text_may_be_in_an_old_encoding_and_quote_lines(tmp_path: Path) -> None:
    (section,) = write(tmp_path, "note.txt", "Réglé à l'été.\n> À dire.\n".encode("cp1252"))
    assert section.heading == "note"
    assert "Réglé à l'été." in section.text
    assert section.sayable == ("À dire.",)


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (section,) = write(tmp_path, "a.md", b"\xef\xbb\xbf# Titre\nCorps\n")
    assert section.heading == "Titre"


def test_html_drops_scripts_and_reads_quotes_and_headings(tmp_path: Path) -> None:
    page = """<html><head><title>FAQ</title><script>alert(1)</script></head><body><nav>Menu</nav>
    <h1>Aide</h1><div><h2>Colis</h2><p>Suivi <b>bloqué</b>.</p><blockquote>Nous ouvrons une enquête.</blockquote></div>
    <ul><li>Un</li><li>Deux</li></ul></body></html>"""
    (section,) = write(tmp_path, "faq.html", page)
    assert section.heading == "Aide › Colis"
    assert section.sayable == ("Nous ouvrons une enquête.",)
    assert "Suivi bloqué ." in section.text or "Suivi bloqué." in section.text
    assert "alert" not in section.text
    assert "Menu" not in section.text


def test_word_reads_headings_quotes_and_tables(tmp_path: Path) -> None:
    word = Document()
    word.add_heading("Retours", 1)
    word.add_paragraph("Trente jours.")
    word.add_paragraph("Le retour est gratuit en boutique.", style="Quote")
    table = word.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Délai", "30 jours"
    word.save(str(tmp_path / "r.docx"))
    (section,) = read(tmp_path / "r.docx", "r.docx", tmp_path)
    assert section.heading == "Retours"
    assert section.sayable == ("Le retour est gratuit en boutique.",)
    assert "Délai | 30 jours" in section.text


def test_pdf_reads_its_pages(tmp_path: Path) -> None:
    content = b"BT /F1 24 Tf 72 700 Td (Retours sous trente jours) Tj ET"
    (section,) = write(tmp_path, "guide.pdf", pdf(content))
    assert section.heading == "guide › p. 1"
    assert "Retours sous trente jours" in section.text


def pdf(content: bytes) -> bytes:
    """A one-page document with a real cross-reference table."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n" + table + end


@pytest.mark.parametrize("name", [f"x{suffix}" for suffix in READERS])
def test_every_format_says_so_when_it_is_empty(tmp_path: Path, name: str) -> None:
    assert why(tmp_path, name, b"") == "empty"


@pytest.mark.parametrize("name", [f"x{suffix}" for suffix in READERS])
def test_every_format_refuses_nonsense(tmp_path: Path, name: str) -> None:
    assert why(tmp_path, name, b"\x00\x01\x02\x7fELF" * 200) in ("binary", "corrupt", "no_text")


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert why(tmp_path, "photo.png", b"x") == "unknown_type"
    assert why(tmp_path, "a.md", b" \n\n ") == "no_text"
    assert why(tmp_path, "a.txt", b"x" * (LARGEST_MB * 2**20 + 1)) == "too_large"
    with pytest.raises(UnreadableDocument) as missing:
        read(tmp_path / "gone.md", "gone.md", tmp_path)
    assert missing.value.reason == "missing"


def test_a_protected_pdf_says_so(tmp_path: Path) -> None:
    locked = PdfWriter()
    locked.add_blank_page(100, 100)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "l.pdf")
    with pytest.raises(UnreadableDocument) as error:
        read(tmp_path / "l.pdf", "l.pdf", tmp_path)
    assert error.value.reason == "password"


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "secret.md"
    outside.write_text("# Secret\nmot")
    inside = tmp_path / "guides"
    inside.mkdir()
    (inside / "a.md").symlink_to(outside)
    with pytest.raises(UnreadableDocument) as error:
        read(inside / "a.md", "a.md", inside)
    assert error.value.reason == "outside"


def test_a_word_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", b"0" * (120 * 2**20))
    with pytest.raises(UnreadableDocument) as error:
        read(tmp_path / "b.docx", "b.docx", tmp_path)
    assert error.value.reason == "too_large"
