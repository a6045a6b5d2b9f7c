"""Documents into sections: Markdown, text, HTML, PDF, Word.

Guidelines come from people and are read with care: bounded in size, never followed out of their folder, and what cannot be read
is named with its reason. No windows (`windows.py`) and no folders (`index.py`) here. A reader gets bytes, read once, so that the
hash of a document and its sections are of the same words.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

LARGEST_MB = 20
UNPACKED_MB = 100
"""A Word file is a zip: a few kilobytes can unpack to gigabytes."""
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
    return sections(fetch(file, document, root), document)


def fetch(file: Path, document: str, root: Path) -> bytes:
    """The bytes of a file that lies under `root` and is not too large. Raises UnreadableDocument."""
    try:
        if not file.resolve(strict=True).is_relative_to(root.resolve()):
            raise UnreadableDocument(document, "outside")
        known = file.stat()
        if not stat.S_ISREG(known.st_mode):
            raise UnreadableDocument(document, "corrupt")  # reading a pipe or a device would wait for ever
        if known.st_size > LARGEST_MB * 2**20:
            raise UnreadableDocument(document, "too_large", limit_mb=LARGEST_MB)
        return file.read_bytes()
    except FileNotFoundError:
        raise UnreadableDocument(document, "missing") from None
    except PermissionError:
        raise UnreadableDocument(document, "no_permission") from None
    except (OSError, RuntimeError):  # a failing disk; links that go in a circle
        raise UnreadableDocument(document, "corrupt") from None


def sections(raw: bytes, document: str) -> list[Section]:
    """The sections of a document's bytes, by the ending of its name. Raises UnreadableDocument."""
    name = PurePosixPath(document)
    reader = READERS.get(name.suffix.lower())
    if reader is None:
        raise UnreadableDocument(document, "unknown_type", suffix=name.suffix or name.name)
    if not raw:
        raise UnreadableDocument(document, "empty")
    try:
        found = [section for section in reader(raw, document) if section.text.strip()]
    except UnreadableDocument:
        raise
    except Exception:  # whatever a parser throws at a file that somebody broke
        raise UnreadableDocument(document, "corrupt") from None
    if not found:
        raise UnreadableDocument(document, "no_text")
    return found


class _Outline:
    """Collects lines under a path of headings."""

    def __init__(self, document: str, title: str = "") -> None:
        self._document = document
        self._title = title or PurePosixPath(document).stem
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
        if said := _one_line(text):
            self._quotes.append(said)
            self._lines.append(said)

    def close(self) -> None:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip()
        if text:
            heading = SEPARATOR.join(part for part in self._path if part) or self._title
            self.sections.append(Section(self._document, heading, text, tuple(self._quotes)))
        self._lines, self._quotes = [], []


def _one_line(text: str) -> str:
    """Plain spaces and line ends run together; no-break spaces stay: they are the brand's typography."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _text_of(raw: bytes, document: str) -> str:
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in raw[:4096] and not wide:
        raise UnreadableDocument(document, "binary")
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(ord(sign) < 32 and sign not in "\n\r\t\f" for sign in text[:4096])
        if odd > len(text[:4096]) / 20:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableDocument(document, "binary")


def _markdown(raw: bytes, document: str) -> Iterator[Section]:
    text = re.sub(r"\A(---|\+\+\+)[ \t]*\n.*?\n\1[ \t]*(?:\n|\Z)", "", _text_of(raw, document), flags=re.DOTALL)
    outline = _Outline(document)
    fence = ""
    quoted: list[str] = []
    for line in [*text.split("\n"), ""]:
        mark = None if fence else re.match(r" {0,3}(?:> ?)+(.*)", line)
        if mark and mark[1].strip():
            quoted.append(mark[1])
            continue
        outline.quote("\n".join(quoted))
        quoted = []
        opened = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if opened and (not fence or opened[1].startswith(fence)):
            fence = "" if fence else opened[1]
        heading = None if fence else re.match(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", line)
        if heading:
            outline.heading(len(heading[1]), heading[2])
        elif not mark:
            outline.line(line)
    outline.close()
    yield from outline.sections


def _plain(raw: bytes, document: str) -> Iterator[Section]:
    outline = _Outline(document)
    quoted: list[str] = []
    for line in [*_text_of(raw, document).split("\n"), ""]:
        if line.startswith(">") and line.strip("> "):
            quoted.append(line.lstrip("> "))
            continue
        outline.quote("\n".join(quoted))
        quoted = []
        outline.line(line.lstrip(">"))
    outline.close()
    yield from outline.sections


_BLOCKS = (
    "address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main ol p pre section summary table tbody td tfoot th thead tr ul"
).split()


def _html(raw: bytes, document: str) -> Iterator[Section]:
    from bs4 import BeautifulSoup
    from bs4.element import Comment, NavigableString, PreformattedString, Tag

    soup = BeautifulSoup(_text_of(raw, document), "html.parser")
    for gone in soup(["script", "style", "nav", "noscript", "template"]):
        gone.decompose()
    for remark in soup.find_all(string=lambda found: isinstance(found, (Comment, PreformattedString))):
        remark.extract()
    title = _one_line(soup.title.get_text()) if soup.title else ""
    outline = _Outline(document, title)

    def walk(node: Any) -> None:
        """Block by block; words between blocks make one line with what is bold or linked among them."""
        inline: list[str] = []

        def flush() -> None:
            if said := _one_line("".join(inline)):
                outline.line(said)
            inline.clear()

        for child in node.children:
            if isinstance(child, NavigableString):
                inline.append(str(child))
            elif not isinstance(child, Tag) or child.name in ("title", "head"):
                continue
            elif child.name == "br":
                inline.append("\n")
            elif child.name not in _BLOCKS and not child.find(_BLOCKS):
                inline.append(child.get_text())
            else:
                flush()
                if re.fullmatch(r"h[1-6]", child.name):
                    outline.heading(int(child.name[1]), _one_line(child.get_text()))
                elif child.name == "blockquote":
                    for part in child.find_all("p") or [child]:
                        outline.quote(part.get_text())
                else:
                    walk(child)
        flush()

    walk(soup.body or soup)
    outline.close()
    yield from outline.sections


def _pdf(raw: bytes, document: str) -> Iterator[Section]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    reader = PdfReader(io.BytesIO(raw))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument(document, "password")
    except DependencyError:  # AES asks for a package that we do without
        raise UnreadableDocument(document, "password") from None
    title = str((reader.metadata and reader.metadata.title) or PurePosixPath(document).stem)
    for number, page in zip(range(1, PAGES + 1), reader.pages, strict=False):
        yield Section(document, f"{title}{SEPARATOR}p. {number}", (page.extract_text() or "").strip())


def _word(raw: bytes, document: str) -> Iterator[Section]:
    from docx import Document

    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        if sum(part.file_size for part in packed.infolist()) > UNPACKED_MB * 2**20:
            raise UnreadableDocument(document, "too_large", limit_mb=UNPACKED_MB)
    outline = _Outline(document)
    below = 0
    for part in Document(io.BytesIO(raw)).iter_inner_content():
        if hasattr(part, "rows"):
            for row in part.rows:
                cells = dict.fromkeys(_one_line(cell.text) for cell in row.cells)  # a merged cell comes once a column
                outline.line(" | ".join(cells))
            continue
        style = (part.style.name or "") if part.style else ""
        level = re.match(r"(?:Heading|Titre) (\d)", style)
        if level:
            outline.heading(int(level[1]) + below, _one_line(part.text))
        elif style == "Title":
            below = 1
            outline.heading(1, _one_line(part.text))
        elif "Quote" in style or "Citation" in style:
            outline.quote(part.text)
        else:
            outline.line(part.text)
    outline.close()
    yield from outline.sections


READERS: dict[str, Callable[[bytes, str], Iterator[Section]]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".txt": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _word,
}
