"""Register: tu and vous never mixed, and the one that the brand uses here. French only.

Pronouns and possessives tell it, and so does the ending of an imperative: « Écrivez-nous » says vous without the word. Which of the two
is the brand's own choice for the network; a « vous » that is quoted, or said to several people at once, mixes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.subject import Finding, Subject

TU = re.compile(r"(?i)(?<![\w’'-])(?:tu|te|toi|ton|ta|tes)(?![\w’'])|(?<!\w)t[’'](?=\w)|-(?:tu|toi)\b")
VOUS = re.compile(r"(?i)(?<![\w’'-])(?:vous|votre|vos)(?!\w)|(?<!rendez)-vous\b")
_VOUS_VERB = re.compile(
    r"(?<![\w’'-])(?!(?:[Cc]hez|[Aa]ssez|nez|rez)\b|rendez-vous)"
    r"(?:[a-zß-ÿœ]|(?:^|(?<=\w[\w)»][.!?…] )|(?<=\n))[A-ZÀ-ÝŒ])[a-zß-ÿœ]+ez\b"
    r"|\b(?:[Dd]ites|[Ff]aites)-(?:nous|moi|le|la|les)\b"
)
"""« dites-nous », « passez »; a name such as Sanchez or Saint-Tropez is none, unless it opens a sentence."""
_TU_VERB = re.compile(
    r"(?i)(?<![\w’'-])(?!\w*(?:ez|ons|mes|tes)-)(?!(?:chez|entre|pour|avec|sans|contre|selon)-)[a-zà-ÿœ]{3,}-(?:nous|moi)\b"
)
"""« écris-nous », « dis-moi »."""
_QUOTED = re.compile(r"«[^«»]{0,2000}»|“[^“”]{0,2000}”|‘[^‘’]{0,200}’(?!\w)|\"[^\"]{0,2000}\"|(?m:^> ?.*$)")
_SEVERAL = re.compile(
    r"(?i)\b(?:vous (?:tous|toutes|deux|trois|autres)"
    r"|vous êtes (?:plusieurs|nombreux|nombreuses|beaucoup|tous|toutes|\d|des (?:centaines|milliers))"
    r"|(?:à|bonjour|merci|salut) (?:à )?(?:tous|toutes)|tout le monde|les (?:amis|amies|copains|copines))\b|@\w+[ ,]+(?:et )?@\w+"
)
"""Signs that « vous » is several people, whom a brand that says tu to one cannot call otherwise."""
_TONE = re.compile(
    r"(?i)\b(?:un|le|du|au|ce|quel|quels|bon|même|charte de|changer de) ton\b"
    r"|\bton (?:juste|employé|utilisé|de la|du|pareil|méprisant|agressif|adapté|qui|sur ton)\b"
)
"""« le ton », which is no possessive."""


def check(subject: Subject) -> Iterator[Finding]:
    if subject.language is None or subject.language.name != "fr":
        return
    text = _TONE.sub(_blank, _QUOTED.sub(_blank, subject.text))
    tu = TU.search(text) or _TU_VERB.search(text)
    vous = VOUS.search(text) or _VOUS_VERB.search(text)
    if subject.register_ == "tu" and vous and _SEVERAL.search(text):
        vous = None
    if tu and vous:
        odd = vous if subject.register_ == "tu" else tu
        yield _finding("finding.register_mixed", odd)
    elif subject.register_ == "vous" and tu:
        yield _finding("finding.register_vous", tu)
    elif subject.register_ == "tu" and vous:
        yield _finding("finding.register_tu", vous)


def speaks_vous(text: str) -> bool:
    """Whether a sentence says vous, by a word or by the ending of a verb."""
    return bool(VOUS.search(text) or _VOUS_VERB.search(text))


def _finding(key: str, odd: re.Match[str]) -> Finding:
    return Finding(check="register", level="warn", key=key, excerpt=odd.group())


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
