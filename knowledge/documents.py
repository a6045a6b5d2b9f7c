"""Documents into sections: Markdown, text, HTML, PDF, Word. Guidelines come from people and are read with care: bounded in
size, never followed out of their folder, and what cannot be read is named with its reason.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST_MB = 20
UNPACKED_MB = 100
PAGES = 2_000
SEPARATOR = " › "


@dataclass(frozen=True)
class Section:
    document: str
    """Its path under what was learned, with forward slashes."""
    heading: str
    """The heading path, joined by ` › `."""
    text: str
    sayable: tuple[str, ...] = ()
    """The quoted lines: sentences the brand says as they stand."""


class UnreadableDocument(Exception):
    """A document that cannot be read; `reason` names the sentence of the interface pages, `details` fill it."""

    def __init__(self, document: str, reason: str, **details: str | int) -> None:
        super().__init__(f"{document}: {reason}")
        self.document, self.reason, self.details = document, reason, details


def read(file: Path, document: str, root: Path) -> list[Section]:
    """The sections of a file. Raises UnreadableDocument."""
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise UnreadableDocument(document, "unknown_type", suffix=file.suffix or file.name)
    try:
        if not file.resolve(strict=True).is_relative_to(root.resolve()):
            raise UnreadableDocument(document, "outside")
        if file.stat().st_size > LARGEST_MB * 2**20:
            raise UnreadableDocument(document, "too_large", limit_mb=LARGEST_MB)
        if file.stat().st_size == 0:
            raise UnreadableDocument(document, "empty")
        sections = [section for section in reader(file, document) if section.text.strip()]
    except UnreadableDocument:
        raise
    except FileNotFoundError:
        raise UnreadableDocument(document, "missing") from None
    except PermissionError:
        raise UnreadableDocument(document, "no_permission") from None
    except Exception:
        raise UnreadableDocument(document, "corrupt") from None
    if not sections:
        raise UnreadableDocument(document, "no_text")
    return sections


class _Outline:
    """Collects lines under a path of headings."""

    def __init__(self, document: str, title: str) -> None:
        self._document, self._title = document, title
        self._path: list[str] = []
        self._lines: list[str] = []
        self._quotes: list[str] = []
        self.sections: list[Section] = []

    def heading(self, level: int, title: str) -> None:
        self.close()
        self._path = [*self._path[: level - 1], *[""] * (level - 1 - len(self._path)), title]

    def line(self, text: str) -> None:
        self._lines.append(text)

    def quote(self, text: str) -> None:
        said = re.sub(r"[ \t\n]+", " ", text).strip(" ") if text.strip() else ""  # no-break spaces stay
        if said:
            self._quotes.append(said)
            self._lines.append(said)

    def close(self) -> None:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()
        if text:
            heading = SEPARATOR.join(part for part in self._path if part) or self._title
            self.sections.append(Section(self._document, heading, text, tuple(self._quotes)))
        self._lines, self._quotes = [], []


def _text_of(file: Path, document: str) -> str:
    raw = file.read_bytes()
    if b"\0" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableDocument(document, "binary")
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(ord(sign) < 32 and sign not in "\n\r\t\f" for sign in text[:4096])
        if odd > len(text[:4096]) / 20:
            raise UnreadableDocument(document, "binary")
        return text.replace("\r\n", "\n")
    raise UnreadableDocument(document, "binary")


def _markdown(file: Path, document: str) -> Iterator[Section]:
    text = re.sub(r"\A(?:---|\+\+\+)\n.*?\n(?:---|\+\+\+)\n", "", _text_of(file, document), flags=re.DOTALL)
    outline = _Outline(document, file.stem)
    fenced, quoted = False, []
    for line in [*text.splitlines(), ""]:
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        mark = None if fenced else re.match(r"\s{0,3}>\s?(.*)", line)
        if mark and mark[1].strip():
            quoted.append(mark[1])
            continue
        if quoted:
            outline.quote("\n".join(quoted))
            quoted = []
        heading = None if fenced else re.match(r"(#{1,6})\s+(.+?)\s*#*$", line)
        if heading:
            outline.heading(len(heading[1]), heading[2])
        elif not mark:
            outline.line(line)
    outline.close()
    yield from outline.sections


def _plain(file: Path, document: str) -> Iterator[Section]:
    outline = _Outline(document, file.stem)
    quoted: list[str] = []
    for line in [*_text_of(file, document).splitlines(), ""]:
        if line.startswith(">"):
            quoted.append(line.lstrip("> "))
            continue
        if quoted:
            outline.quote("\n".join(quoted))
            quoted = []
        outline.line(line)
    outline.close()
    yield from outline.sections


def _html(file: Path, document: str) -> Iterator[Section]:
    from bs4 import BeautifulSoup
    from bs4.element import NavigableString, Tag

    soup = BeautifulSoup(_text_of(file, document), "html.parser")
    for gone in soup(["script", "style", "nav", "noscript", "template"]):
        gone.decompose()
    title = soup.title.get_text(" ", strip=True) if soup.title else file.stem
    outline = _Outline(document, title)

    def walk(node: Any) -> None:
        for child in list(node.children):
            if isinstance(child, NavigableString):
                if type(child) is NavigableString and child.strip():
                    outline.line(" ".join(child.split()))
            elif isinstance(child, Tag):
                if re.fullmatch(r"h[1-6]", child.name):
                    outline.heading(int(child.name[1]), child.get_text(" ", strip=True))
                elif child.name == "blockquote":
                    for part in child.find_all("p") or [child]:
                        outline.quote(part.get_text(" ", strip=True))
                elif child.name in ("p", "li", "dt", "dd", "td", "th", "summary", "figcaption", "pre"):
                    if child.find("blockquote"):
                        walk(child)
                    else:
                        outline.line(child.get_text(" ", strip=True))
                elif child.name != "title":
                    walk(child)

    walk(soup.body or soup)
    outline.close()
    yield from outline.sections


def _pdf(file: Path, document: str) -> Iterator[Section]:
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableDocument(document, "password")
    title = str((reader.metadata and reader.metadata.title) or file.stem)
    for number, page in enumerate(reader.pages[:PAGES], 1):
        yield Section(document, f"{title}{SEPARATOR}p. {number}", page.extract_text() or "")


def _word(file: Path, document: str) -> Iterator[Section]:
    from docx import Document

    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_MB * 2**20:
            raise UnreadableDocument(document, "too_large", limit_mb=UNPACKED_MB)
    outline = _Outline(document, file.stem)
    word = Document(str(file))
    for part in word.iter_inner_content():
        if hasattr(part, "rows"):
            for row in part.rows:
                outline.line(" | ".join(cell.text.strip() for cell in row.cells))
            continue
        style = (part.style.name or "") if part.style else ""
        level = re.match(r"(?:Heading|Titre) (\d)", style)
        if level:
            outline.heading(int(level[1]), part.text.strip())
        elif style == "Title":
            outline.heading(1, part.text.strip())
        elif "Quote" in style or "Citation" in style:
            outline.quote(part.text)
        else:
            outline.line(part.text)
    outline.close()
    yield from outline.sections


READERS: dict[str, Callable[[Path, str], Iterator[Section]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _word,
}
