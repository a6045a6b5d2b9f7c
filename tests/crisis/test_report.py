"""What is told of an incident afterwards: the same facts in Markdown, JSON and PDF, of an evening, of nothing, and of a flood."""

from __future__ import annotations

import io
import json
import sys
from subprocess import run

import pytest
from pypdf import PdfReader

from bot.crisis import journal, markdown
from bot.crisis.pdf import pdf
from bot.crisis.report import report
from bot.crisis.telling import Telling
from bot.domain.incident import Record
from bot.pages import Pages
from bot.view import View
from knowledge.brand import Brand
from tests.fakes import records


@pytest.fixture(params=["fr", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def told(record: Record, brand: Brand, pages: Pages, locale: str = "fr") -> Telling:
    return Telling(record, brand, View(pages, locale))


def read(made: bytes) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(made)).pages
    return len(pages), " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_an_evening_is_told_alike_in_every_shape(brand: Brand, pages: Pages, locale: str) -> None:
    record = records.evening()
    telling = told(record, brand, pages, locale)
    count, words = read(pdf(telling))
    assert 3 <= count <= 8
    text, log, kept = markdown.markdown(telling), journal.markdown(telling), journal.as_json(telling)
    for line in record.truth:
        assert line.words in log
        assert line.words in text or line.until is not None
    for draft in record.drafts:
        if draft.id in record.released and draft.body.statement:
            assert draft.hash in log
            assert draft.hash[:8] in words
            assert draft.hash in json.dumps(kept)
    assert json.loads(journal.dumped(kept)) == kept
    assert markdown.svg(telling).startswith("<svg")


def test_the_figures_are_those_of_the_record() -> None:
    record = records.evening()
    made = report(record)
    first = min(
        record.released[draft.id] for draft in record.drafts if draft.id in record.released and draft.body.statement
    )
    assert made.lasted > first - record.incident.opened_at
    assert report(records.nothing()).lasted >= made.lasted.min


@pytest.mark.parametrize("make", [records.nothing, records.flood])
def test_nothing_and_a_flood_have_their_pages_too(make: object, brand: Brand, pages: Pages, locale: str) -> None:
    telling = told(make(), brand, pages, locale)  # type: ignore[operator]
    count, _ = read(pdf(telling))
    assert 1 <= count <= 12
    assert markdown.markdown(telling)
    assert journal.markdown(telling)


def test_who_makes_no_report_does_not_load_its_library() -> None:
    code = "import sys; import bot.app, bot.crisis, bot.crisis.rhythm; sys.exit('reportlab' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
