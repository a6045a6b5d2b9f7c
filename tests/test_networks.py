"""The network pages as people and programs read them, and what each page must hold so that it is whole.

One number stands in one place: the last class changes one and looks at everything that may and may not move.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bench.prompts import BRIEF, COMMENT, job
from bot.checks.subject import Subject
from bot.cli import app
from bot.domain.network import Aim, Limit, Sourced
from bot.frontends import pages as laid
from bot.pages import FOLDER, Network, Pages
from bot.sheet import Sheet, sheet
from bot.steps.check import findings
from bot.steps.draft import Job
from bot.view import View
from bot.writers import posts
from bot.writers.prompt import compose
from docs import networks as document

NAMES = sorted(file.stem for file in (FOLDER / "networks").glob("*.md"))
KINDS = {
    "facebook": "post post_background comment story short_video ad_text ad_headline ad_description alt_text hook",
    "instagram": "caption carousel comment story short_video alt_text ad_text ad_headline ad_description hook",
    "threads": "post text_attachment comment alt_text",
    "x": "post premium_post comment poll poll_option alt_text ad_text ad_headline",
    "linkedin": "post carousel comment article article_title poll poll_option alt_text ad_text ad_headline",
    "tiktok": "short_video caption photo_title photo_description comment ad_text hook",
    "youtube": "title description tags short_video comment ad_headline ad_long_headline ad_description hook",
    "vimeo": "title description comment",
    "pinterest": "title pin description link comment alt_text ad_headline ad_description",
    "snapchat": "short_video story story_title comment ad_brand ad_headline",
    "bluesky": "post comment alt_text",
    "mastodon": "post comment poll poll_option alt_text",
    "reddit": "title post comment ad_headline",
    "google": "review_reply post event_title coupon_code",
    "trustpilot": "review_reply",
}
"""Every content kind of the facts file, and those that a publication is made of."""
COUNTED = r"(?:hashtags?|tags?|mentions?|words|signs|characters)"
NUMBER = r"(?:\d[\d,]*|one|two|three|four|five|six|eight|ten|twenty|thirty|forty|sixty|ninety|hundred)"
REPEATED = re.compile(
    rf"(?i)\b{NUMBER}(?: (?:or|to) {NUMBER})?(?: \w+)? {COUNTED}\b|\b{COUNTED}: (?:none or )?{NUMBER}\b"
)
SHEETS = re.compile(r"(?<![\d.,-])\d[\d,]*(?![\d.-])")


def printed(told: Sheet, view: View, width: int = 220) -> str:
    with Path(os.devnull).open("w") as nowhere:
        console = Console(width=width, record=True, file=nowhere)
        console.print(laid.page(told, view))
        return console.export_text()


@pytest.fixture(params=NAMES)
def network(request: pytest.FixtureRequest, pages: Pages) -> Network:
    return pages.networks[request.param]


class TestAPageIsWhole:
    def test_it_has_every_kind(self, network: Network) -> None:
        assert set(network.kinds) == set(KINDS[network.name].split())

    def test_a_kind_says_how_long_it_may_be_or_what_reads_best_or_is_known_to_say_neither(
        self, network: Network
    ) -> None:
        silent = {kind for kind, known in network.kinds.items() if not (known.max or known.ideal)}
        assert silent <= {"comment", "alt_text", "hook"}, f"{network.name}: {silent}"

    def test_where_no_source_gives_a_length_the_aim_says_that_it_is_ours(self, network: Network) -> None:
        for kind in ("story", "carousel"):
            known = network.kinds.get(kind)
            if known and not known.max:
                assert known.ideal is not None
                assert known.ideal.confidence == "unverified"
                assert known.ideal.sources[0].startswith("editorial")

    def test_it_says_for_replies_what_can_be_done_in_private_and_whether_markdown_shows(self, network: Network) -> None:
        assert network.kinds[network.reply.kind].private_reply is not None
        assert all(known.markdown is not None for known in network.kinds.values())

    def test_only_what_the_network_refuses_by_its_own_word_may_block(self, network: Network) -> None:
        for kind, known in network.kinds.items():
            for name, fact in known.items():
                assert fact.blocks is (fact.severity == "hard" and fact.confidence == "high"), f"{kind}.{name}"
                assert not (fact.blocks and any(source.startswith("editorial") for source in fact.sources))

    def test_a_note_does_not_repeat_its_number(self, network: Network) -> None:
        for kind, known in network.kinds.items():
            for name, fact in known.items():
                said = {int(found.replace(",", "")) for found in SHEETS.findall(fact.note)}
                own = {fact.value} if isinstance(fact, Limit | Aim) else set()
                assert not said & own, f"{kind}.{name}: {fact.note}"

    def test_its_prose_counts_nothing_that_its_front_matter_counts(self, network: Network) -> None:
        assert [found.group() for found in REPEATED.finditer(network.body)] == []

    def test_what_a_writer_aims_at_is_within_the_limits(self, network: Network) -> None:
        for known in network.kinds.values():
            assert known.tags.min <= known.tags.max
            if known.hashtags:
                assert known.tags.max <= known.hashtags.value
            if known.ideal and known.max and known.ideal.unit == known.max.unit:
                assert (known.ideal.value or 0) <= known.max.value
        clickable = network.kinds[network.post.kind].clickable
        assert clickable is None or clickable.value or network.post.links != "inline"


class TestSharedFacts:
    PAGE = (FOLDER / "networks" / "bluesky.md").read_text(encoding="utf-8")

    def test_a_kind_has_what_its_twin_has_but_for_its_own_word(self, pages: Pages) -> None:
        post, comment = pages.networks["x"].kinds["post"], pages.networks["x"].kinds["comment"]
        assert comment.max == post.max
        assert post.edit is not None and comment.edit is not None
        assert (post.edit.allowed, comment.edit.allowed) == ("limited", "no")

    @pytest.mark.parametrize("twin", ["story", "comment"])
    def test_a_twin_that_is_none_is_told_by_file_and_kind(self, twin: str, tmp_path: Path) -> None:
        from bot.errors import PageError

        (tmp_path / "networks").mkdir()
        wrong = self.PAGE.replace('same_as = "post"', f'same_as = "{twin}"')
        (tmp_path / "networks" / "bluesky.md").write_text(wrong, encoding="utf-8")
        with pytest.raises(PageError, match=rf"networks/bluesky\.md: .*comment: same_as: “{twin}”"):
            Pages(tmp_path)

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            ("[kinds.post.clickable]\nvalue = true", '[kinds.post.clickable]\nvalue = "maybe"'),
            ("[kinds.post.clickable]", "[kinds.post.clickible]"),
            ("images = 4", "pictures = 4"),
            ('[kinds.post.edit]\nallowed = "no"', '[kinds.post.edit]\nallowed = "never"'),
        ],
    )
    def test_a_misspelt_fact_is_an_error(self, right: str, wrong: str, tmp_path: Path) -> None:
        from bot.errors import PageError

        assert right in self.PAGE
        (tmp_path / "networks").mkdir()
        (tmp_path / "networks" / "bluesky.md").write_text(self.PAGE.replace(right, wrong), encoding="utf-8")
        with pytest.raises(PageError, match=r"networks/bluesky\.md: kinds\.post\."):
            Pages(tmp_path)


class TestTheCommand:
    @pytest.fixture(params=["fr", "en"])
    def view(self, request: pytest.FixtureRequest, pages: Pages) -> View:
        return View(pages, request.param)

    def test_it_lists_them_and_prints_one_for_programs(self) -> None:
        listed = json.loads(CliRunner().invoke(app, ["networks", "--json"]).stdout)
        assert sorted(one["network"] for one in listed) == NAMES
        one = json.loads(CliRunner().invoke(app, ["networks", "Twitter", "--json"]).stdout)
        assert one["network"] == "x"
        assert one["kinds"]["comment"]["max"]["value"] == one["kinds"]["post"]["max"]["value"] == 280
        assert one["kinds"]["post"]["cashtags"]["sources"]
        assert one["kinds"]["post"]["max"]["aged"] in (True, False)

    def test_it_lists_them_for_people(self) -> None:
        said = CliRunner().invoke(app, ["networks"]).stdout
        assert all(name in said for name in NAMES)

    def test_a_page_reads_in_the_readers_language_with_every_source_once(self, network: Network, view: View) -> None:
        told = sheet(network, view, date(2026, 11, 23))
        said = printed(told, view)
        assert network.title in said
        assert view.say("networks.sources") in said
        assert view.say("networks.aged") not in said
        assert len(told.sources) == len(set(told.sources))
        assert {number for row in told.rows for number in row.sources} == set(range(1, len(told.sources) + 1))
        assert {row.kind for row in told.rows} == {view.say("networks.every"), *network.kinds}

    def test_a_narrow_terminal_cuts_nothing(self, network: Network, view: View) -> None:
        told = sheet(network, view, date(2026, 11, 23))
        said = printed(told, view, width=60)
        assert said.count("2026-11-22") >= sum(row.checked is not None for row in told.rows)
        assert max(map(len, said.splitlines())) <= 60

    @pytest.mark.parametrize(
        ("today", "aged"),
        [
            ("2026-11-22", False),
            ("2027-05-22", False),
            ("2027-05-23", True),
            ("2027-06-01", True),
            ("2028-01-01", True),
        ],
    )
    def test_a_number_read_six_months_ago_is_to_check_again(
        self, today: str, aged: bool, network: Network, view: View
    ) -> None:
        told = sheet(network, view, date.fromisoformat(today))
        assert {row.aged for row in told.rows if row.checked} == {aged}
        assert (view.say("networks.aged") in printed(told, view)) is aged

    def test_an_unknown_network_is_told_with_those_there_are(self) -> None:
        from bot.errors import Refused

        failed = CliRunner().invoke(app, ["networks", "myspace"])
        assert isinstance(failed.exception, Refused)
        assert failed.exception.key == "request.unknown_network"


def test_the_document_is_what_the_pages_say(pages: Pages) -> None:
    assert document.FILE.read_text(encoding="utf-8") == document.rendered(pages), f"run {document.COMMAND}"


def test_a_stale_document_is_told_with_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stale = tmp_path / "networks.md"
    stale.write_text("old", encoding="utf-8")
    monkeypatch.setattr(document, "FILE", stale)
    monkeypatch.setattr("sys.argv", ["networks", "--check"])
    with pytest.raises(SystemExit, match=r"python -m docs\.networks"):
        document.main()
    monkeypatch.setattr("sys.argv", ["networks"])
    document.main()
    monkeypatch.setattr("sys.argv", ["networks", "--check"])
    with pytest.raises(SystemExit) as fine:
        document.main()
    assert fine.value.code == 0


class TestOneNumberInOnePlace:
    """Instagram's hashtags, 5 → 4: the prompt, the draft, the check and the document follow, and nothing else moves."""

    WAS = "[kinds.caption.hashtags]\nvalue = 5\n"
    TAGGED = "Le seigle revient. " + " ".join(f"#Pain{sign}" for sign in "ABCDE")

    @pytest.fixture
    def changed(self, tmp_path: Path) -> Pages:
        folder = tmp_path / "pages"
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        page = folder / "networks" / "instagram.md"
        text = page.read_text(encoding="utf-8")
        assert text.count(self.WAS) == 1
        page.write_text(text.replace(self.WAS, self.WAS.replace("5", "4")), encoding="utf-8")
        return Pages(folder)

    def asked(self, pages: Pages, skill: str, network: str, kind: str) -> Job:
        """Without passages: what one hashtag fewer leaves of the prompt's room would go to them."""
        made = job(skill, BRIEF if skill == "post" else COMMENT, network)
        return made.model_copy(update={"network": pages.networks[network], "kind": kind, "passages": ()})

    def test_the_prompt_of_a_post_there_says_the_new_number_and_no_other_prompt_changes(
        self, pages: Pages, changed: Pages
    ) -> None:
        moved = []
        for name, network in pages.networks.items():
            for skill, code in (("reply", network.reply), ("post", network.post)):
                kinds = [code.kind] if skill == "reply" else list(network.formats)
                for kind in kinds:
                    old = compose(self.asked(pages, skill, name, kind), pages, "mark")
                    new = compose(self.asked(changed, skill, name, kind), changed, "mark")
                    if old != new:
                        moved.append((skill, name, kind))
                        assert old.user == new.user
                        assert new.system == old.system.replace("3 to 5 hashtags", "3 to 4 hashtags").replace(
                            *self.last_tag(old.system, new.system)
                        )
        assert {(skill, name) for skill, name, _ in moved} == {("post", "instagram")}
        assert {kind for _, _, kind in moved} <= {"post", "carousel", "reel"}  # what is made of a caption
        assert "post" in {kind for _, _, kind in moved}

    @staticmethod
    def last_tag(old: str, new: str) -> tuple[str, str]:
        """The line of the brand's hashtags, of which one fewer is handed over."""
        lines = [
            next(line for line in text.splitlines() if line.startswith("Hashtags of the brand")) for text in (old, new)
        ]
        assert lines[0].startswith(lines[1])
        assert len(lines[1].split("#")) in (len(lines[0].split("#")), len(lines[0].split("#")) - 1)
        return lines[0], lines[1]

    def test_the_check_counts_by_it_and_no_other_check_changes(self, pages: Pages, changed: Pages) -> None:
        old, new = self.found(pages), self.found(changed)
        moved = {place for place in old if old[place] != new[place]}
        assert moved == {("instagram", "caption"), ("instagram", "short_video")}
        for place in moved:
            assert not [one for one in old[place] if one.check == "hashtags"]
            (finding,) = [one for one in new[place] if one.check == "hashtags"]
            assert (finding.level, finding.details["limit"], finding.excerpt) == ("block", 4, "#PainE")
            assert [one for one in new[place] if one != finding] == list(old[place])

    def found(self, pages: Pages) -> dict[tuple[str, str], Any]:
        return {
            (name, kind): findings(Subject(text=self.TAGGED, network=network, kind=kind))
            for name, network in pages.networks.items()
            for kind in network.kinds
        }

    def test_a_draft_keeps_to_it(self, pages: Pages, changed: Pages) -> None:
        brief = "Le seigle revient jeudi. " + " ".join(f"#Pain{sign}" for sign in "ABCDEF")
        for known, most in ((pages, 5), (changed, 4)):
            asked = self.asked(known, "post", "instagram", "post").model_copy(update={"text": brief})
            assert 0 < posts.publication(asked).count("#") <= most

    def test_the_document_shows_it_on_one_line(self, pages: Pages, changed: Pages) -> None:
        old, new = document.rendered(pages).splitlines(), document.rendered(changed).splitlines()
        moved = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
        assert len(moved) == 1
        assert moved[0][0].startswith("| `caption` | hashtags | 5 ")
        assert moved[0][1] == moved[0][0].replace("hashtags | 5 ", "hashtags | 4 ")

    def test_every_other_page_and_fact_is_as_it_was(self, pages: Pages, changed: Pages) -> None:
        moved: list[tuple[str, str, str]] = []
        for name, network in pages.networks.items():
            twin = changed.networks[name]
            assert network.model_copy(update={"kinds": {}}) == twin.model_copy(update={"kinds": {}})
            for kind, known in network.kinds.items():
                was: dict[str, Sourced] = dict(known.items())
                now: dict[str, Sourced] = dict(twin.kinds[kind].items())
                moved += [(name, kind, fact) for fact in was if was[fact] != now[fact]]
        assert moved == [("instagram", "caption", "hashtags"), ("instagram", "short_video", "hashtags")]
        assert (pages.playbooks, pages.languages, pages.interface) == (
            changed.playbooks,
            changed.languages,
            changed.interface,
        )
