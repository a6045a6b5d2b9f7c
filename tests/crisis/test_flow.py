"""`/crise` from the question to the lift: what each press asks of the desk, and what people are shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest

from bot.discover import flows
from bot.domain.comment import Group
from bot.errors import NotAllowed, Refused
from bot.frontends.flows import PANEL, Teller, called, hearer
from bot.frontends.flows.crisis import Crisis
from bot.frontends.panel import Panel
from bot.frontends.slack import panels as slack_panels
from bot.frontends.telegram import panels as telegram_panels
from bot.frontends.war_room import card_key
from tests.crisis.conftest import all_of, press, told
from tests.fakes.crisis import Clock, FakeDesk

Speaks = Callable[..., Teller]


async def opened(flow: Crisis, speaks: Speaks, who: str = "Dan", words: str = "farine au seigle") -> Panel:
    """The card of a crisis that was just opened."""
    (asked,) = await all_of(flow.said(words, speaks(who)))
    return (await all_of(flow.pressed(press(asked.panel, "Ouvrir"), speaks(who))))[0].panel


async def test_the_question_says_what_opening_does(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    desk.add(1)
    desk.add(2)
    (asked,) = await all_of(flow.said("Farine au seigle : charançons", speaks("Chloé")))
    shown = told(asked.panel)
    assert "Ouvrir une crise pour Moulin Doré" in shown
    assert "Farine au seigle : charançons" in shown
    assert "arrêtés tout de suite\u00a0: 2" in shown
    assert "Prévenus\u00a0: Dan" in shown
    assert "Niveau 2 · bad buzz naissant" in shown
    assert desk.crisis.kept == {}
    (again,) = await all_of(flow.pressed(press(asked.panel, "Niveau 4"), speaks("Chloé")))
    assert "Niveau 4 · crise majeure" in told(again.panel)
    (left,) = await all_of(flow.pressed(press(again.panel, "Pas maintenant"), speaks("Chloé")))
    assert "rien n’est arrêté" in told(left.panel)
    await all_of(flow.pressed(press(again.panel, "Ouvrir"), speaks("Chloé")))
    (incident,) = desk.crisis.kept.values()
    assert (incident.level, incident.title, incident.place) == (4, "Farine au seigle : charançons", "C1/7.7")
    assert asked.key == card_key(incident)


async def test_two_who_press_the_same_question_open_one_crisis(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    (asked,) = await all_of(flow.said("farine", speaks("Dan")))
    await all_of(flow.pressed(press(asked.panel, "Ouvrir"), speaks("Dan")))
    late = await all_of(flow.pressed(press(asked.panel, "Ouvrir"), speaks("Chloé")))
    assert [one.to for one in late] == ["private", "here"]
    assert len(desk.crisis.kept) == 1
    (card,) = await all_of(flow.said("", speaks("Dan")))
    assert "Crise · Moulin Doré · niveau 2" in told(card.panel)


async def test_a_button_keeps_the_gist_of_the_subject_through_a_restart(
    flow: Crisis, desk: FakeDesk, clock: Clock, speaks: Speaks
) -> None:
    (asked,) = await all_of(flow.said("Farine au seigle : des charançons partout", speaks("Dan")))
    again = Crisis(desk, clock)  # type: ignore[arg-type]
    await all_of(again.pressed(press(asked.panel, "Ouvrir"), speaks("Dan")))
    assert desk.crisis.kept[1].subject == "farine au seigle : des"


@pytest.mark.parametrize(("who", "user"), [("Ada", "U0ADA"), ("Fay", "U0FAY"), ("stranger", "U0NOBODY")])
async def test_who_does_not_lead_opens_nothing(
    flow: Crisis, desk: FakeDesk, speaks: Speaks, who: str, user: str
) -> None:
    with pytest.raises(NotAllowed):
        await all_of(flow.said("farine", speaks(who, user=user)))
    (asked,) = await all_of(flow.said("farine", speaks("Dan")))
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed(press(asked.panel, "Ouvrir"), speaks(who, user=user)))
    assert desk.crisis.kept == {}


async def test_a_stranger_sees_nothing_of_an_open_room(flow: Crisis, speaks: Speaks) -> None:
    card = await opened(flow, speaks)
    for words in ("Je mène", "Première parole", "Plus"):
        with pytest.raises(NotAllowed):
            await all_of(flow.pressed(press(card, words), speaks("x", user="U0NOBODY")))
    with pytest.raises(NotAllowed):
        await all_of(flow.said("#1", speaks("x", user="U0NOBODY")))
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed(press(card, "Je mène"), speaks("Dan", brands=[])))


async def test_an_alert_opens_at_its_own_level_and_subject(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    reason = SimpleNamespace(said=SimpleNamespace(details={"subject": "safety", "count": 9}))
    desk.alerts[5] = SimpleNamespace(
        id=5, brand="moulin-dore", episode=SimpleNamespace(level=3, subject="", reasons=(reason,))
    )
    (asked,) = await all_of(flow.pressed("open:5", speaks("Chloé")))
    assert "Niveau 3" in told(asked.panel)
    await all_of(flow.pressed(press(asked.panel, "Ouvrir"), speaks("Chloé")))
    incident = desk.crisis.kept[1]
    assert (incident.alert, incident.situation, incident.level) == (5, "safety", 3)
    assert incident.subject
    (card,) = await all_of(flow.pressed("open:5", speaks("Chloé")))
    assert "Crise · Moulin Doré" in told(card.panel)


async def test_roles_are_taken_and_given_by_tap(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    card = await opened(flow, speaks)
    (card_,) = await all_of(flow.pressed(press(card, "Je mène"), speaks("Dan")))
    assert "Dan mène" in told(card_.panel)
    (roles,) = await all_of(flow.pressed(press(card_.panel, "Rôles"), speaks("Ada")))
    assert roles.to == "below"
    assert "Porte-parole\u00a0: personne" in told(roles.panel)
    (taken,) = await all_of(flow.pressed("take:1:spokesperson:roles", speaks("Ada")))
    assert "Porte-parole\u00a0: Ada" in told(taken.panel)
    (whom,) = await all_of(flow.pressed("give:1:legal:roles", speaks("Dan")))
    (given,) = await all_of(flow.pressed(press(whom.panel, "Eve"), speaks("Dan")))
    assert "Juridique\u00a0: Eve" in told(given.panel)
    assert desk.crisis.kept[1].roles == {"lead": "Dan", "spokesperson": "Ada", "legal": "Eve"}


async def test_lines_are_added_confirmed_rewritten_and_withdrawn(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    await opened(flow, speaks)
    for words in ("fait : Le lot 12 est retiré.", "on ne sait pas : la cause", "jamais : cas isolé"):
        assert flow.hears(words)
        await all_of(flow.said(words, speaks("Ada")))
    (card,) = await all_of(flow.said("", speaks("Dan")))
    for words in (
        "✅ Le lot 12 est retiré. (Ada, 23:04)",
        "❔ On ne sait pas\u00a0: la cause",
        "⛔ Jamais\u00a0: cas isolé",
    ):
        assert words in told(card.panel)
    (lines,) = await all_of(flow.pressed(press(card.panel, "Corriger"), speaks("Dan")))
    (lines,) = await all_of(flow.pressed(press(lines.panel, "C’est confirmé"), speaks("Dan")))
    await all_of(flow.said("fait 1 : Les lots 12 et 13 sont retirés.", speaks("Ada")))
    standing = {line.words: line.sort for line in desk.crisis.lines if line.until is None}
    assert standing == {"cas isolé": "never", "la cause": "confirmed", "Les lots 12 et 13 sont retirés.": "confirmed"}
    (lines,) = await all_of(flow.pressed("withdraw:1:3:truth", speaks("Dan")))
    assert "cas isolé" not in told(lines.panel)
    with pytest.raises(Refused, match="too_long"):
        await all_of(flow.said(f"fait : {'x' * 501}", speaks("Ada")))


async def test_held_drafts_are_released_one_by_one_or_all_once_asked_again(
    flow: Crisis, desk: FakeDesk, speaks: Speaks
) -> None:
    for number in range(1, 8):
        desk.add(number, f"texte {number}")
    card = await opened(flow, speaks)
    assert "encore arrêtés\u00a0: 7" in told(card)
    (held,) = await all_of(flow.pressed(press(card, "Arrêtés"), speaks("Dan")))
    assert "texte 5" in told(held.panel)
    assert "texte 6" not in told(held.panel)
    assert "et encore 2" in told(held.panel)
    (held,) = await all_of(flow.pressed(press(held.panel, "Libérer"), speaks("Dan")))
    assert desk.crisis.held == [2, 3, 4, 5, 6, 7]
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed("thaw:1:2:held", speaks("Ada")))
    (asked,) = await all_of(flow.pressed(press(held.panel, "Tout libérer"), speaks("Dan")))
    assert len(desk.crisis.held) == 6
    (back,) = await all_of(flow.pressed(press(asked.panel, "Non"), speaks("Dan")))
    assert "Arrêtés par la crise" in told(back.panel)
    await all_of(flow.pressed(press(asked.panel, "Oui"), speaks("Dan")))
    assert desk.crisis.held == []


async def test_a_statement_is_written_into_the_war_room(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    card = await opened(flow, speaks)
    shown = await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada")))
    assert [one.to for one in shown] == ["below", "below"]
    assert shown[0].key == shown[1].key
    ((wanted, asked),) = desk.crisis.stated
    assert (wanted, asked.by, asked.place) == ("holding", "Ada", "C1/7.7")
    assert "Première parole\u00a0: 2 à relire et à valider" in told(shown[1].panel)
    assert "#901 X" in told(shown[1].panel)
    with pytest.raises(Refused):
        await all_of(flow.pressed("say:1:anything:card", speaks("Ada")))


async def test_two_people_let_a_whole_statement_out_with_one_tap_each(
    flow: Crisis, desk: FakeDesk, clock: Clock, speaks: Speaks
) -> None:
    card = await opened(flow, speaks)
    texts = (await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada"))))[-1].panel
    own = await all_of(flow.pressed(press(texts, "Tout valider (2)"), speaks("Ada")))
    assert own[0].to == "private"
    assert [one.body.approvals.given for one in desk.crisis.waiting] == [0, 0]
    (card,) = (one.panel for one in await all_of(flow.said("", speaks("Ben"))))
    (texts,) = (one.panel for one in await all_of(flow.pressed(press(card, "À valider"), speaks("Ben"))))
    (once,) = await all_of(flow.pressed(press(texts, "Tout valider (2)"), speaks("Ben")))
    assert "Approuvé par Ben. Il manque" in told(once.panel)
    lead = await all_of(flow.pressed(press(once.panel, "Tout valider (2)"), speaks("Dan")))
    assert "plus rien n’attend" in told(lead[-1].panel)
    assert desk.crisis.spoke == clock()


async def test_only_texts_that_are_shown_whole_are_approved_together(
    flow: Crisis, desk: FakeDesk, speaks: Speaks
) -> None:
    card = await opened(flow, speaks)
    await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada")))
    waiting = desk.crisis.waiting
    for place, sign in enumerate("xy"):
        body = waiting[place].body.model_copy(update={"text": f"{sign} & <b>\n" * 120})
        waiting[place] = waiting[place].model_copy(update={"body": body})
    (texts,) = await all_of(flow.pressed("show:1:said.holding:card", speaks("Ben")))
    drawn = telegram_panels.draw(texts.panel)
    assert drawn.text.count("x &amp; &lt;b&gt;") == 120
    assert "y &amp;" not in drawn.text
    assert "viendront après\u00a0: 1" in told(texts.panel)
    (then,) = await all_of(flow.pressed(press(texts.panel, "Tout valider (1)"), speaks("Ben")))
    assert [one.body.approvals.given for one in waiting] == [1, 0]
    assert "y & <b>" in told(then.panel)


async def test_texts_that_a_colleague_is_approving_meanwhile_are_the_texts_that_were_read(
    flow: Crisis, desk: FakeDesk, speaks: Speaks
) -> None:
    card = await opened(flow, speaks)
    *_, texts = await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada")))
    one = desk.crisis.waiting[0]
    given = one.body.approvals.model_copy(update={"given": 1, "by": ("Ben",)})
    desk.crisis.waiting[0] = one.model_copy(update={"body": one.body.model_copy(update={"approvals": given})})
    shown = await all_of(flow.pressed(press(texts.panel, "Tout valider (2)"), speaks("Dan")))
    assert not any("changé entre-temps" in told(each.panel) for each in shown)


async def test_texts_that_changed_since_they_were_read_are_not_approved(
    flow: Crisis, desk: FakeDesk, speaks: Speaks
) -> None:
    card = await opened(flow, speaks)
    texts = (await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada"))))[-1].panel
    desk.crisis.waiting[0] = desk.crisis.waiting[0].model_copy(update={"revision": 2})
    shown = await all_of(flow.pressed(press(texts, "Tout valider (2)"), speaks("Dan")))
    assert "ont changé" in told(shown[0].panel)
    assert [one.body.approvals.given for one in desk.crisis.waiting] == [0, 0]


async def test_the_next_update_is_promised_by_tap_or_by_words(
    flow: Crisis, desk: FakeDesk, clock: Clock, speaks: Speaks
) -> None:
    card = await opened(flow, speaks)
    (when,) = await all_of(flow.pressed(press(card, "Prochain point"), speaks("Dan")))
    (shown,) = await all_of(flow.pressed(press(when.panel, "+1 h"), speaks("Dan")))
    assert desk.crisis.kept[1].next_update == clock() + timedelta(minutes=61)
    assert "promis à 00:05" in told(shown.panel)
    await all_of(flow.said("prochain point 14:00", speaks("Dan")))
    assert desk.crisis.kept[1].next_update == clock() + timedelta(hours=14, minutes=56)


async def test_groups_of_comments_get_one_tap_each(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    desk.groups = (Group(comments=(11, 12, 13), title="Des charançons dans ma farine"),)
    card = await opened(flow, speaks)
    assert "Commentaires en attente\u00a0: 3" in told(card)
    (shown,) = await all_of(flow.pressed(press(card, "Répondre"), speaks("Ada")))
    assert press(shown.panel, "Préparer") == "inbox:group:11"


async def test_lifting_asks_a_second_person(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    await opened(flow, speaks)
    (asks,) = await all_of(flow.said("lever", speaks("Dan")))
    (closing,) = await all_of(flow.pressed(press(asks.panel, "Demander"), speaks("Dan")))
    assert "Dan demande la levée" in told(closing.panel)
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed(press(closing.panel, "Confirmer"), speaks("Dan")))
    shown = await all_of(flow.pressed(press(closing.panel, "Confirmer"), speaks("Chloé")))
    card, handed = shown[-2:]
    assert "Levée à 23:04 par Dan, Chloé" in told(card.panel)
    assert [button.words for block in card.panel.blocks for button in block.buttons] == ["Bilan (PDF)"]
    assert handed.to == "below" and handed.attached is not None and handed.attached.data.startswith(b"%PDF")
    (again,) = await all_of(flow.pressed(press(card.panel, "Bilan"), speaks("Ada")))
    assert again.attached is not None and again.attached.name == "bilan-crise-1.pdf"


async def test_a_stranger_is_handed_no_report(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    await opened(flow, speaks)
    with pytest.raises(NotAllowed):
        await all_of(flow.pressed("report:1::card", speaks("Zoé", user="U0ZOE")))


async def test_a_shift_tells_what_waits_and_goes_to_somebody(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    card = await opened(flow, speaks)
    await all_of(flow.pressed(press(card, "Je mène"), speaks("Dan")))
    await all_of(flow.pressed(press(card, "Première parole"), speaks("Ada")))
    (shift,) = await all_of(flow.said("relève", speaks("Dan")))
    assert "brouillon 901, Première parole" in told(shift.panel)
    await all_of(flow.pressed(press(shift.panel, "Chloé"), speaks("Dan")))
    assert desk.crisis.kept[1].roles["lead"] == "Chloé"


async def test_nothing_open_nothing_done(flow: Crisis, speaks: Speaks) -> None:
    for words in ("fait : x", "lever", "relève", "niveau 3"):
        with pytest.raises(Refused, match="no_incident"):
            await all_of(flow.said(words, speaks("Dan")))


@pytest.mark.parametrize(
    "bad",
    [
        "take:x:lead:card",
        "level:1:9:card",
        "level:1:x:card",
        "boo:1::card",
        "give:1:king:roles",
        "go:rubbish",
        "next:1:7:card",
    ],
)
async def test_old_and_foreign_buttons_are_refused(flow: Crisis, speaks: Speaks, bad: str) -> None:
    await opened(flow, speaks)
    with pytest.raises(Refused):
        await all_of(flow.pressed(bad, speaks("Dan")))


async def test_every_panel_fits_a_phone(flow: Crisis, desk: FakeDesk, speaks: Speaks) -> None:
    """Buttons hold 60 signs; no more than nine on the card, five in a row of Slack's, no half words in Telegram."""
    for number in range(1, 30):
        desk.add(number, "&<>" * 400)
    desk.groups = tuple(Group(comments=(place,), title="x" * 900) for place in range(9))
    card = await opened(flow, speaks, words="ï" * 300)
    for place in range(30):
        await all_of(flow.said(f"fait : {'<b>&' * 120} {place}", speaks("Ada")))
    (card_,) = await all_of(flow.said("", speaks("Dan")))
    assert sum(len(block.buttons) for block in card.blocks) <= 9
    for section in ("roles", "level", "truth", "held", "words", "comments", "next", "more", "shift", "close"):
        (shown,) = await all_of(flow.pressed(f"show:1:{section}:card", speaks("Dan")))
        for panel in (shown.panel, card_.panel):
            assert len(slack_panels.draw(panel).blocks) <= 50
            drawn = telegram_panels.draw(panel)
            assert len(drawn.text) < 6_000
            assert all(len(data.encode()) <= 64 for row in drawn.rows for _, data in row)


def test_words_call_the_flow_and_keep_their_letters(desk: FakeDesk) -> None:
    known = {name: made(desk) for name, made in flows().items()}
    assert called(known, "/crise fait : L’Été, à 12 h !") == ("crisis", "fait : L’Été, à 12 h !")
    assert called(known, "crise niveau 3") == ("crisis", "niveau 3")
    assert called(known, "/crise lait solaire, plaques rouges depuis hier soir") == (
        "crisis",
        "lait solaire, plaques rouges depuis hier soir",
    )
    assert called(known, "crise chez un concurrent, que faut-il publier ?") is None
    assert called(known, "/levée") == ("lift", "")
    assert called(known, "Boîte 12 ?") == ("inbox", "12 ?")
    assert called(known, "comments on our post are off") is None
    assert hearer(known, f"{PANEL}crisis:abc", "fait : x") == "crisis"
    assert hearer(known, f"{PANEL}crisis:abc", "on attend le labo") is None
    assert hearer(known, f"{PANEL}inbox:1", "fait : x") is None
    assert hearer(known, "card:12@C1", "fait : x") is None
