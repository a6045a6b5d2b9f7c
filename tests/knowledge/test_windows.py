"""Windows cover every word, overlap, and keep their names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import Section
from knowledge.windows import WORDS, cut

words = st.lists(st.text(alphabet="abcdé", min_size=1, max_size=8), min_size=1, max_size=400)


@given(words)
def test_every_word_of_a_section_stands_in_some_window(text: list[str]) -> None:
    windows = list(cut([Section("a.md", "H", " ".join(text))]))
    covered = " ".join(window.text for window in windows).split()
    assert set(text) <= set(covered)
    assert all(len(window.text.split()) <= WORDS + 1 for window in windows)
    assert len({window.id for window in windows}) == len(windows)


@given(words)
def test_names_are_stable_and_hashes_follow_the_words(text: list[str]) -> None:
    first, again = (list(cut([Section("a.md", "H", " ".join(text))])) for _ in range(2))
    changed = list(cut([Section("a.md", "H", " ".join([*text[:-1], text[-1] + "x"]))]))
    assert first == again
    assert [window.id for window in first] == [window.id for window in changed]
    assert first[-1].hash != changed[-1].hash


def test_two_sections_of_one_heading_keep_apart() -> None:
    windows = list(cut([Section("a.md", "H", "un"), Section("a.md", "H", "deux")]))
    assert windows[0].id != windows[1].id
    assert [window.section for window in windows] == [0, 1]
