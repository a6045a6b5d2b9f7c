"""Records of made-up incidents, for what is told of them: one evening in sixty lines, and one beyond all measure."""

from __future__ import annotations

import hashlib
import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.comment import Comment
from bot.domain.draft import Approvals, Body, Draft, Finding
from bot.domain.incident import Entry, Incident, Line, Record, Share, Volume
from bot.domain.promise import Promise
from bot.domain.triage import Triage

OPENED = datetime(2026, 11, 23, 21, 4, 10, tzinfo=UTC)
HOLDING = (
    "Plusieurs d’entre vous nous signalent des éclats de verre dans nos bocaux de confiture.\n\nNous avons connaissance de ces "
    "messages et nous vérifions les faits. D’ici là, n’ouvrez pas les bocaux du lot L2611.\n\nNous revenons ici à 23:00. — Inès"
)
UPDATE = (
    "Point de 23 heures : le lot L2611 est retiré de nos huit boutiques. Vous pouvez rapporter vos bocaux, entamés ou non, sans "
    "ticket.\n\nNous ne savons pas encore d’où vient le verre. Prochain point à 00:30. — Inès"
)
APOLOGY = (
    "Nous vous devons des excuses. Un bocal ébréché a passé notre contrôle ; il n’aurait jamais dû.\n\nLe lot L2611 est retiré, la "
    "ligne est arrêtée. Toute personne blessée peut nous appeler au numéro inscrit sur le bocal. — Inès"
)
ENDING = "Le contrôle de la ligne est terminé : un seul lot était concerné, le L2611. Merci à celles et ceux qui nous ont alertés. — Inès"


def at(minutes: float) -> datetime:
    return OPENED + timedelta(minutes=minutes)


def draft(number: int, text: str, statement: str = "", network: str = "instagram", **more: Any) -> Draft:
    approvals = Approvals(needed=2, crisis_lead=True, given=2, by=("Inès", "Gaspard"))
    findings = more.pop("findings", ())
    body = Body(
        text=text, approvals=approvals, language="fr", writer="playbook", author="Ada", statement=statement,
        findings=findings,
    )  # fmt: skip
    values = {
        "id": number, "revision": 1, "state": "released", "hash": hashlib.sha256(text.encode()).hexdigest(),
        "created_at": at(1), "request": f"statement:{statement}", "brand": "maison", "prompt": "Verre",
        "skill": "crisis" if statement else "reply", "network": network, "kind": "caption", "body": body,
    }  # fmt: skip
    return Draft.model_validate(values | more)


class Journal:
    """Lines as an evening brings them."""

    def __init__(self, incident: int = 7) -> None:
        self.incident, self.entries, self.version = incident, list[Entry](), 0

    def __call__(self, minutes: float, who: str, what: str, draft: int = 0, **details: Any) -> None:
        if what.startswith("truth."):
            self.version += 1
        number = len(self.entries) + 1
        self.entries.append(
            Entry(
                id=number, incident=self.incident, at=at(minutes), who=who, what=what, version=self.version,
                draft=draft, details=details,
            )
        )  # fmt: skip

    def leaves(self, minutes: float, drafts: tuple[int, ...], *people: str) -> None:
        for number in drafts:
            self(minutes - 0.6, "Ada", "draft.submitted", number)
            self(minutes - 0.4, people[0], "draft.approval_given", number)
            self(minutes - 0.1, people[-1], "draft.approved", number)
            self(minutes, "", "draft.released", number)


def line(number: int, sort: str, words: str, version: int, minutes: float, **more: Any) -> Line:
    values = {"id": number, "incident": 7, "sort": sort, "words": words, "version": version, "at": at(minutes)}
    return Line.model_validate(values | {"by": "Inès"} | more)


def comment(number: int, text: str, minutes: float, network: str = "instagram") -> Comment:
    triage = Triage(language="fr", kind="complaint", sentiment="negative", severity=4, situation="safety")
    values = {"id": number, "brand": "maison", "text": text, "network": network, "priority": 80, "triage": triage}
    return Comment.model_validate(
        values | {"received_at": at(minutes), "changed_at": at(minutes), "author": "someone_in_the_crowd"}
    )


def volume(minutes: int = 275, top: int = 92) -> tuple[Volume, ...]:
    """A calm hour, a steep rise, a second wave, and its end."""
    dice, found = random.Random(8), []
    begin = OPENED.replace(minute=0, second=0) - timedelta(minutes=55)
    for place in range(minutes // 5 + 12):
        after = place * 5 - 42
        first = math.exp(-((after - 18) ** 2) / 900) if after < 18 else math.exp(-(after - 18) / 55)
        second = 0.45 * math.exp(-((after - 135) ** 2) / 700)
        count = int(dice.gauss(1, 0.12) * top * (first + second)) + dice.randrange(0, 3)
        if count > 0:
            share = 0.72 * math.exp(-max(0, after - 60) / 260) if after > -20 else 0.2
            moment = begin + timedelta(minutes=5 * place)
            found.append(Volume(at=moment, comments=count, negative=round(count * share)))
    return tuple(found)


def evening() -> Record:
    """A jar of jam with glass in it: five hours, sixty lines, one update late, one fact rewritten, one text stopped."""
    note = Journal()
    note(0, "Ada", "incident.opened", title="Verre dans les confitures", level=2, froze=23, alert=4, drill="")
    note(0.4, "Inès", "role.taken", role="lead", to="Inès")
    note(0.9, "Inès", "role.given", role="spokesperson", to="Gaspard")
    note(
        1.2,
        "Inès",
        "truth.added",
        sort="confirmed",
        words="Trois clients signalent du verre dans un bocal de confiture.",
    )
    note(1.3, "Inès", "truth.added", sort="unknown", words="D’où vient le verre.")
    note(1.4, "Gaspard", "truth.added", sort="never", words="C’est un cas isolé.")
    note(1.5, "Inès", "update.promised", due=at(56).isoformat())
    note.leaves(3.6, (101, 102, 103), "Gaspard", "Inès")
    note(8, "Inès", "level.set", **{"from": 2, "to": 3})
    note(9, "Inès", "role.given", role="legal", to="Maud")
    note(12, "Ada", "draft.submitted", 120)
    note(12.5, "Inès", "draft.rejected", 120, reason="dit « un cas isolé »")
    note(14, "Ada", "role.taken", role="community_manager", to="Ada")
    note(21, "Inès", "draft.thawed", 88, count=1, drafts=[88])
    note(32, "Maud", "truth.added", sort="confirmed", words="Le lot L2611 est retiré des sept boutiques.")
    note(33, "Maud", "truth.replaced", line=4, words="Le lot L2611 est retiré des huit boutiques.")
    note.leaves(81, (104, 105), "Gaspard", "Inès")
    note(82, "Inès", "update.promised", due=at(146).isoformat())
    for number in range(8):
        note(86 + number, "Ada", "draft.released", 130 + number)
    note(121, "Maud", "truth.added", sort="confirmed", words="Un bocal ébréché a passé le contrôle de la ligne 2.")
    note.leaves(144, (106, 107), "Gaspard", "Inès")
    note(150, "Inès", "shift.handed", to="Gaspard", roles="lead")
    note(190, "Gaspard", "truth.withdrawn", line=2, words="")
    note(205, "Gaspard", "level.set", **{"from": 3, "to": 2})
    note.leaves(231, (108,), "Inès", "Gaspard")
    note(236, "Gaspard", "closing.asked")
    note(240, "Inès", "incident.closed", count=22)
    stopped = Finding(
        check="truth", level="block", key="finding.never", details={"line": "C’est un cas isolé."},
        excerpt="C’est un cas isolé et sans gravité.",
    )  # fmt: skip
    drafts = [
        draft(100 + place, HOLDING, "holding", name) for place, name in enumerate(("instagram", "facebook", "x"), 1)
    ]
    drafts += [
        draft(104 + place, UPDATE, "update", name, created_at=at(70)) for place, name in enumerate(("instagram", "x"))
    ]
    drafts += [
        draft(106 + place, APOLOGY, "apology", name, created_at=at(130))
        for place, name in enumerate(("instagram", "facebook"))
    ]
    drafts.append(draft(108, ENDING, "end", "instagram", created_at=at(225)))
    drafts.append(
        draft(120, "C’est un cas isolé et sans gravité.", "correction", "x", state="rejected", findings=(stopped,))
    )
    drafts += [draft(130 + place, f"Merci de nous l’avoir dit, réponse n° {place}.") for place in range(8)]
    incident = Incident(
        id=7, brand="maison", title="Verre dans les confitures", subject="verre confiture bocal", situation="safety",
        level=2, alert=4, by="Ada", front="slack", place="C0CRISE/1.1", event="e7", state="closed", opened_at=OPENED,
        froze=23, roles={"lead": "Gaspard"}, version=note.version, closing_by="Gaspard", closed_by="Inès", closed_at=at(240),
    )  # fmt: skip
    promise = Promise(
        id=1, brand="maison", draft=106, revision=1, network="instagram", topic="refund", state="open", changed_at=at(144),
        words="Toute personne blessée peut nous appeler au numéro inscrit sur le bocal.", made_at=at(144),
        due=at(24 * 60), dated=False, ring_at=at(22 * 60),
    )  # fmt: skip
    truth = (
        line(1, "confirmed", "Trois clients signalent du verre dans un bocal de confiture.", 1, 1.2),
        line(2, "unknown", "D’où vient le verre.", 2, 1.3, until=7),
        line(3, "never", "C’est un cas isolé.", 3, 1.4, by="Gaspard"),
        line(4, "confirmed", "Le lot L2611 est retiré des sept boutiques.", 4, 32, by="Maud", until=5),
        line(5, "confirmed", "Le lot L2611 est retiré des huit boutiques.", 5, 33, by="Maud", replaces=4),
        line(6, "confirmed", "Un bocal ébréché a passé le contrôle de la ligne 2.", 6, 121, by="Maud"),
    )
    counted = volume()
    return Record(
        incident=incident,
        brand="Maison Virevent",
        entries=tuple(note.entries),
        truth=truth,
        drafts=tuple(drafts),
        released={entry.draft: entry.at for entry in note.entries if entry.what == "draft.released"},
        volume=counted,
        first=(
            comment(1, "Il y avait du VERRE dans la confiture de ma fille 😡😡 Vous vous rendez compte ?!", -16),
            comment(2, "Idem ici, lot L2611 <b>retirez ça</b> & vite… https://exemple.test/photo", -12, "x"),
            comment(3, "果酱里有玻璃！太危险了。 (même chose à Belleville 🇫🇷)", -9),
            comment(4, "وجدت زجاجا في المربى", -7, "facebook"),
        ),
        answered=8,
        received=sum(one.comments for one in counted if one.at >= OPENED),
        promises=(promise.words,),
        commitments=(promise,),
        shares=(
            Share(situation="safety", received=612, answered=8, negative=455),
            Share(situation="refund_refused", received=148, answered=0, negative=61),
            Share(situation="", received=97, answered=0, negative=12),
        ),
    )  # fmt: skip


def nothing() -> Record:
    """Opened, and closed a minute later: nothing was said, nothing came."""
    note = Journal()
    note(0, "Ada", "incident.opened", title="Fausse alerte", level=1, froze=0, alert=0, drill="")
    note(1, "Inès", "incident.closed", count=0)
    incident = Incident(
        id=7, brand="maison", title="Fausse alerte", by="Ada", level=1, state="closed", opened_at=OPENED,
        closing_by="Ada", closed_by="Inès", closed_at=at(1),
    )  # fmt: skip
    return Record(incident=incident, brand="Maison Virevent", entries=tuple(note.entries), truth=(), drafts=())


def flood() -> Record:
    """Three days, three thousand lines, five thousand comments; words that try to be markup."""
    calm = evening()
    note = Journal()
    nasty = "<para><b>x</i> &amp; &#0; \u202e\"'][`*| " + "mot" * 60 + " \x07\ud7ff👩‍👩‍👧‍👦 " + "word " * 150
    note(0, nasty[:100], "incident.opened", title=nasty, level=4, froze=5_000, alert=0, drill="")
    lines, drafts = [], []
    for place in range(600):
        note(1 + place * 7, "Inès", "truth.added", sort="confirmed", words=f"{place} {nasty}"[:500])
        lines.append(line(place + 1, "confirmed", f"{place} {nasty}"[:500], place + 1, 1 + place * 7))
        note(2 + place * 7, "Gaspard", "update.promised", due=at(9 + place * 7).isoformat())
        note.leaves(8.5 + place * 7, (1_000 + place,), "Gaspard", "Inès")
        drafts.append(draft(1_000 + place, f"{place} {nasty}" * 3, "update", request=f"r{place}"))
    ended = calm.incident.model_copy(update={"title": nasty[:200], "closed_at": at(4_300), "froze": 5_000, "level": 4})
    return calm.model_copy(
        update={
            "incident": ended,
            "entries": tuple(sorted(note.entries, key=lambda entry: entry.at)),
            "truth": tuple(lines),
            "drafts": tuple(drafts),
            "released": {entry.draft: entry.at for entry in note.entries if entry.what == "draft.released"},
            "volume": volume(4_300),
            "first": tuple(comment(place, f"{place} {nasty}", place / 60) for place in range(5_000)),
            "received": 5_000,
            "shares": tuple(Share(situation=f"s{place}", received=500, answered=0) for place in range(60)),
            "commitments": calm.commitments * 80,
        }
    )
