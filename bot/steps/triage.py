"""What kind of comment this is: language, situation, severity, risks, each with its reason.

Words of danger decide before nearness does; irony is looked through to the complaint below it. What the comment says
never lowers what its risks demand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.domain.model import Said
from bot.domain.triage import Sentiment, Triage
from bot.pages import Playbook
from bot.triage import classifier, grams
from bot.triage.classifier import Seen
from bot.triage.irony import Reading
from bot.triage.irony import irony as read_irony
from bot.triage.judgement import Judged, judge
from bot.triage.language import detect
from bot.triage.risks import Sign, signs
from bot.triage.situations import Labelled, Match, Nearest
from bot.triage.text import fold

UNSURE = 0.34
"""Score under which the best playbook is right less than one time in three (`bench/quality.py`): the general one answers."""
BELOW_IRONY = 0.3
"""How far behind irony a complaint may stand and still be what the irony is about."""
NEAR_DANGER = 0.3
"""How far behind the best a situation may stand when a word of danger speaks for it; less where the comment reads as harmless."""
NEAR_DANGER_CALM = 0.05
CALM = ("praise", "question", "suggestion", "spam", "other")
GRAVE, CLOSE_BEHIND = 0.5, 0.1
"""A grave situation that no word of danger speaks for, and that is barely ahead of an ordinary one, is the ordinary one."""
SURE_OF_KIND = 0.7
"""Probability of a kind from which a situation of another kind gives way to one of its own."""
COMPLAINTS = ("complaint", "crisis")
ALL_THERE_IS = 12
"""Words of a comment in which an understatement (« pas mal ») is the whole judgement; longer ones say more beside it."""
_REPROACH = re.compile(
    r"(?<!\w)(?:pas|plus|jamais|rien|aucune?|ni|mais|sauf|trop|sans|dommage|malgre|encore|toujours|nul\w*|hont\w*|decu\w*|deception|refus\w*"
    r"|retard\w*|attend\w*|attente|casse\w*|perdu\w*|impossible|erreur|probleme|cher|chere|merci pour rien|bravo|chapeau|genial"
    r"|not|no|never|nothing|but|dont|cant|wont|isnt|wasnt|didnt|without|shame|disappoint\w*|refus\w*|late|lost|broken|wait\w*|still|worst"
    r"|rude|wrong|missing|problem|expensive|however|though|great job|well done|slow clap)(?!\w)|n't|👏|🙃|🤡|😡|🤬|👎"
)
"""What a comment that only praises does not hold; irony's favourite words among it."""


def labelled(playbooks: Mapping[str, Playbook]) -> list[Labelled]:
    """The playbooks as the nearest-example matcher takes them: both languages together."""
    return [
        Labelled(
            page.name,
            tuple(text for texts in page.examples.values() for text in texts),
            tuple(text for texts in page.cues.values() for text in texts),
        )
        for page in playbooks.values()
    ]


def triage(comment: str, nearest: Nearest, playbooks: Mapping[str, Playbook], languages: Sequence[str]) -> Triage:
    """Reads a comment. `languages` are the brand's, its own first: the fallback where the comment tells none."""
    return triage_all([comment], nearest, playbooks, languages)[0]


def triage_all(
    comments: Sequence[str], nearest: Nearest, playbooks: Mapping[str, Playbook], languages: Sequence[str]
) -> list[Triage]:
    """The same of many, in one pass: some hundred at once cost least each."""
    if not comments:
        return []
    meanings = nearest.encoder.encode(comments)
    pieces = [grams.pieces(comment) for comment in comments]
    told = [detect(comment, languages) for comment in comments]
    seen = [
        Seen(comment, language, found, tuple(signs(comment)), read_irony(comment, language))
        for comment, (language, _), found in zip(comments, told, pieces, strict=True)
    ]
    ranked = nearest.rank_all(comments, meanings, pieces)
    judged: Sequence[Judged | None] = [None] * len(seen)
    if nearest.encoder.name == classifier.ENCODER:
        read = classifier.shared().read(seen, meanings)
        judged = [judge(reading, one.signs, one.irony) for one, reading in zip(seen, read, strict=True)]
    return [
        _read(one, [match for match in matches if match.name in playbooks], playbooks, mine, sure)
        for one, matches, mine, (_, sure) in zip(seen, ranked, judged, told, strict=True)
    ]


def _read(
    seen: Seen, ranked: list[Match], playbooks: Mapping[str, Playbook], judged: Judged | None, told: bool
) -> Triage:
    found = list(seen.signs)
    match, irony = _situation(seen.text, ranked, found, playbooks, seen.irony)
    if judged is not None:
        match = _agreed(match, ranked, found, playbooks, judged)
    page = playbooks[match.name]
    risks = tuple(dict.fromkeys([*page.risks, *(sign.risk for sign in _weighty(found, page))]))
    severity = max([page.severity, *(sign.severity for sign in found if sign.risk in risks)])
    if page.kind in CALM and not page.risks:
        severity = max([page.severity, *(sign.severity for sign in found if sign.risk in ("self_harm", "safety"))])
        risks = tuple(risk for risk in risks if risk in ("self_harm", "safety", "health", "press", "data_leak"))
    if severity < 4 and page.kind == "complaint" and _heated(seen.text):
        severity += 1 if severity < 3 else 0
    read = Triage(
        language=seen.language,
        kind=page.kind,
        sentiment=_sentiment(page),
        severity=severity,
        risks=risks,
        situation=page.name,
        irony=irony,
        confidence=round(max(0.0, min(1.0, match.score)), 2),
        reasons=tuple(_reasons(match, found, risks, irony, told, seen.language)),
    )
    return read if judged is None else _with(read, judged, page)


def _situation(
    comment: str, ranked: list[Match], found: list[Sign], playbooks: Mapping[str, Playbook], reading: Reading
) -> tuple[Match, bool]:
    best = ranked[0]
    by_name = {match.name: match for match in ranked}
    for sign in found:
        danger = by_name.get(sign.situation)
        if danger is None:
            continue
        near = NEAR_DANGER_CALM if playbooks[best.name].kind in CALM else NEAR_DANGER
        if sign.risk == "self_harm" or danger.score > best.score - near:
            return danger, False
    glad = by_name.get("praise")
    gloomy = next((match for match in ranked if _ordinary(playbooks[match.name])), best)
    if reading.ironic and playbooks[best.name].kind in ("praise", "other"):
        best = by_name.get("irony", gloomy)
    elif reading.litotes == "negative" and best is glad:
        best = gloomy
    elif glad and not reading.ironic and playbooks[best.name].kind in COMPLAINTS and _glad(comment, glad, reading):
        return glad, False
    unspoken = playbooks[best.name].risks and not any(sign.situation == best.name for sign in found)
    if unspoken and best.score < GRAVE and gloomy.score > best.score - CLOSE_BEHIND:
        best = gloomy
    if best.name == "irony":
        below = next(
            (match for match in ranked if playbooks[match.name].kind in COMPLAINTS and match.name != "irony"), best
        )
        named = below.cues and below.score > best.score - BELOW_IRONY
        return (below, True) if named else (best, True)
    if best.score < UNSURE and playbooks[best.name].kind in COMPLAINTS and not playbooks[best.name].risks:
        return by_name.get("complaint", best), reading.ironic
    return best, reading.ironic and playbooks[best.name].kind in COMPLAINTS


def _glad(comment: str, glad: Match, reading: Reading) -> bool:
    """Whether a comment that reads as a complaint only praises: by its words, or by an understatement with nothing else."""
    said = fold(comment)
    if reading.litotes == "positive" and len(said.split()) <= ALL_THERE_IS:
        return not _REPROACH.search(said.replace(reading.reasons[0], " "))
    return bool(glad.cues) and not _REPROACH.search(said)


def _agreed(
    match: Match, ranked: list[Match], found: list[Sign], playbooks: Mapping[str, Playbook], judged: Judged
) -> Match:
    """The situation that suits the kind as judged; a word of danger that chose its own keeps it."""
    page = playbooks[match.name]
    if (
        page.kind == judged.kind
        or judged.confidence < SURE_OF_KIND
        or any(sign.situation == match.name for sign in found)
    ):
        return match
    if judged.kind == "crisis":
        if page.kind in COMPLAINTS and "self_harm" not in judged.risks:
            return match
        wanted = [one for one in ranked if "self_harm" in playbooks[one.name].risks or "self_harm" not in judged.risks]
        return next((one for one in wanted if playbooks[one.name].kind in COMPLAINTS), match)
    of_kind = [one for one in ranked if playbooks[one.name].kind == judged.kind]
    if judged.kind == "complaint":  # a grave situation is for its own words, or for a judgement that names its risk
        of_kind = [
            one for one in of_kind if not playbooks[one.name].risks or {*playbooks[one.name].risks} & {*judged.risks}
        ]
    return of_kind[0] if of_kind else match


def _with(read: Triage, judged: Judged, page: Playbook) -> Triage:
    """The reading with what was judged of it."""
    risks = tuple(dict.fromkeys([*read.risks, *judged.risks]))
    agreed = judged.kind in (page.kind, "crisis")
    severity = max(read.severity if read.severity >= 4 or not agreed else 1, judged.severity)
    if page.kind in CALM and judged.confidence >= SURE_OF_KIND:
        severity = max(read.severity if risks else page.severity, judged.severity if risks else 1)
    return read.model_copy(
        update={
            "kind": judged.kind if agreed else page.kind,
            "sentiment": judged.sentiment,
            "severity": severity,
            "risks": risks,
            "irony": read.irony or judged.irony,
            "subject": judged.subject,
            "probabilities": {**judged.kinds, **judged.sentiments},
            "unsure": not judged.sure,
        }
    )


def _ordinary(page: Playbook) -> bool:
    return page.kind in COMPLAINTS and not page.risks


def _weighty(found: list[Sign], page: Playbook) -> list[Sign]:
    """The signs that count as risks here: all, but for a word such as « mensonge » in a situation that holds its own risks."""
    return [sign for sign in found if sign.risk not in ("minors",) or page.risks]


def _heated(comment: str) -> bool:
    letters = [letter for letter in comment if letter.isalpha()]
    shouted = len(letters) > 20 and sum(letter.isupper() for letter in letters) > 0.6 * len(letters)
    return shouted or bool(re.search(r"[!?]{3,}", comment))


def _sentiment(page: Playbook) -> Sentiment:
    if page.kind == "praise":
        return "positive"
    return "negative" if page.kind in ("complaint", "crisis", "troll") else "neutral"


def _reasons(
    match: Match, found: list[Sign], risks: Sequence[str], irony: bool, told: bool, language: str
) -> list[Said]:
    reasons = []
    for sign in found:
        if sign.risk in risks:
            reasons.append(Said(key="triage.risk", details={"risk": sign.risk, "words": _list(sign.words, 3)}))
    if match.cues:
        reasons.append(Said(key="triage.cues", details={"words": _list(match.cues, 4)}))
    if match.score >= UNSURE:
        reasons.append(Said(key="triage.example", details={"example": match.example}))
    else:
        reasons.append(Said(key="triage.unsure", details={}))
    if irony:
        reasons.append(Said(key="triage.irony", details={}))
    if not told:
        reasons.append(Said(key="triage.language_guessed", details={"language": language}))
    return reasons


def _list(words: Sequence[str], most: int) -> str:
    """The words, none inside another, without the marks of a pattern."""
    plain = [word.replace("*", "") for word in words]
    return ", ".join([word for word in plain if not any(word != other and word in other for other in plain)][:most])
