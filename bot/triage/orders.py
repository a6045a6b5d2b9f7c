"""Whether a text speaks to a machine instead of to people: orders to a model, fake system text, a payload to decode.

A model can be talked into things, so it is not shown such a text (`writers/langchain.py`): the playbook writer, which obeys
nobody, answers it. The text is read as it stands and through the usual disguises: entities, percent signs, letters of other
alphabets, spaced or leet letters, reversed, ROT13, Base64, hexadecimal.

Precise before complete: what it does not know still meets the checks of the draft. People's own anger ("ignore me again") is
left alone.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

from bot.triage.text import fold

LONGEST = 20_000
_ABOVE = r"(?:previous|prior|above|earlier|preceding|original|system|your|all|any|the|these|those|initial|former)"
_RULES = r"(?:instruction|rule|prompt|guideline|direction|directive|order|command|programming|training|context|restriction|filter|safeguard)s?"
_REGLES = r"(?:instruction|consigne|regle|directive|ordre|prompt|message systeme|limite|restriction|filtre|garde-fou|contrainte)s?"
_ORDERS = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|bypass|drop|skip|discard)\w* (?:\w+ ){{0,3}}?{_ABOVE} (?:\w+ ){{0,2}}?{_RULES}\b",
            r"\b(?:ignore|disregard|forget) (?:everything|all|anything|what)\b.{0,40}\b(?:above|before|told|said|earlier|previous)",
            rf"\b(?:ignor|oubli|neglig|contourn|outrepass|desactiv|annul)\w* (?:\S+ ){{0,4}}?{_REGLES}\b",
            r"\b(?:ignor|oubli)\w* (?:tout )?(?:ce qui precede|ce qu'on t'a dit|ce qui a ete dit|le reste du prompt)",
            r"\b(?:new|updated|real|nouvelles?|vraies?) (?:system |secret )?(?:instructions?|consignes?|directives?)(?: systeme)?\b ?[:=]",
            r"\b(?:system|hidden|secret|initial|original|your) (?:prompt|instructions)\b|\b(?:prompt|message|instructions?|consignes?) (?:du )?(?:systeme|cachee?s?|secretes?|initiale?s?)\b",
            r"(?:^|[\n\]}>*#|\s])(?:system|systeme|assistant|developer|developpeur|admin|root|utilisateur|user)(?: message| override| note)?\s?[:\]}>|]{1,3}(?:\s|$)(?=.{3})(?<!admin:)",
            r"<\|?/?(?:im_start|im_end|system|sys|assistant|endoftext|instructions?|comment|comments|passages?|brief|rules?|examples?|data|context|tool|function)[\w-]{0,40}\|?>",
            r"\[/?(?:inst|system|sys|assistant|end of|fin d)\b|<</?sys>>|(?:###|---|===|\*\*\*) ?(?:system|end|fin|new|instruction|begin|assistant|nouvel)",
            r"\b(?:you are|you're|act|behave|respond|answer|reply|speak|talk|write)(?: now)? (?:as|like|now|from now on|in the style of)(?: if)? (?:\w+ ){0,3}?(?:dan|pirate|ai|bot|assistant|model|robot|chatbot|hacker|machine|admin|administrator|developer|unrestricted|evil|grandmother|parrot|terminal|shell|system)\b",
            r"\b(?:you are|you're) (?:now|no longer|from now on) (?:an? |the |in )?\w+|\bfrom now on,? (?:you|act|answer|reply)",
            r"\b(?:tu es|vous etes|sois|soyez|agis|agissez|joue|jouez|comporte-toi|fais semblant|faites semblant|imagine que tu|reponds|repondez)(?: maintenant| desormais| dorenavant)? (?:comme |en tant qu|le role |d'etre |en )?(?:\S+ ){0,3}?(?:ia\b|bot\b|assistant\b|modele\b|pirate|robot|chatbot|hacker|admin|developpeur|perroquet|terminal|dan\b|sans filtre|sans limite|grand-mere)",
            r"\b(?:tu es|vous etes) (?:maintenant|desormais|dorenavant)\b|\b(?:desormais|a partir de maintenant),? (?:tu|vous|reponds|repondez|agis)",
            r"\b(?:pretend|roleplay|role-play|role play|jeu de role|jouons a)\b|\b(?:jailbreak|prompt injection|developer mode|mode developpeur|dev mode|god mode|do anything now|mode debug|debug mode|maintenance mode|mode maintenance|mode admin)\b",
            r"\b(?:reply|respond|answer|write|output|print|say|repeat|return|type|post|include|add|start|begin|end|finish)\b(?: \w+){0,4}? (?:only|exactly|verbatim|with the words?|the following|this sentence|this text|word for word|nothing else|with:|:)",
            r"\b(?:reponds?|repondez|ecris|ecrivez|affiche|affichez|dis|dites|repete|repetez|imprime|recopie|recopiez|ajoute|ajoutez|termine|terminez|commence|commencez|insere|inserez|mets|publie|publiez)\b(?: \S+){0,5}? (?:uniquement|exactement|mot pour mot|a l'identique|textuellement|ceci|cela|la phrase|le texte suivant|rien d'autre|ce qui suit|seulement|par les mots|le mot)\b",
            r"\b(?:if you are|if you're|si tu es|si vous etes|to|a l'attention|attention|hey|dear|cher|note|message)(?: to| for| pour| de| a| du)? (?:an? |the |une? |l'|le |la |any |all |every |toute? )?(?:ai|llm|ia|language model|modele de langage|chatgpt|gpt|chatbot|bot|assistant virtuel|assistant ia|ai assistant|assistant automatique|intelligence artificielle|automated (?:assistant|system)|model|modele)\b",
            r"\b(?:reveal|leak|dump|disclose|list|show|print|tell me|give me|divulgue|revele|affiche|montre|donne|liste|recopie|resume)\w*(?:-moi| me)? (?:\S+ ){0,4}?(?:prompt|instructions|consignes|api key|cle api|cles? d'api|system message|credentials|identifiants|environment variable|variables? d'environnement|secret|token|password|mot de passe|base de donnees|database|internal guideline|guidelines|guides? internes?|configuration|passages|documents? internes?)",
            r"\b(?:other|another|autres?|all|toutes? les) (?:brands?|marques?|clients?|tenants?)(?:'s|’s)? (?:\S+ ){0,3}?(?:data|drafts?|guidelines?|brouillons?|guides?|donnees|infos?|files?|fichiers?|secrets?|pending|en attente)",
            r"\b(?:data|drafts?|guidelines?|brouillons?|guides?|donnees|files?|fichiers?) (?:of|from|de|des|d')\s?(?:the |l'|les )?(?:other|another|autres?|all|toutes? les) (?:brands?|marques?|clients?|tenants?)",
            r"\b(?:approve|validate|send|publish|release|post)\b (?:\w+ ){0,3}?(?:draft|this reply|it now|immediately|without (?:review|approval|human)|automatically|yourself)",
            r"\b(?:approuve|valide|envoie|publie|diffuse)\w*\b (?:\S+ ){0,4}?(?:brouillon|cette reponse|toi-meme|sans (?:validation|relecture|approbation|humain)|automatiquement|immediatement)",
            r"\b(?:call|invoke|execute|run|appelle|execute|lance|invoque)\w* (?:the |l'|la |le |your |ton |ta )?(?:\w+ )?(?:tool|function|outil|fonction|api|commande systeme|plugin|script)\b|\b(?:use|utilise) (?:the |l'|your |ton )(?:\w+ )?(?:tool|outil)\b",
            r"\b\w+_\w+\s?\(|\{\s?[\"']?(?:role|name|tool|function|arguments|posture|variants?|instruction)[\"']?\s?:",
            r"\b(?:decode|decrypt|decipher|translate|dechiffr|decod|tradui)\w*\b.{0,50}\b(?:base ?64|rot ?13|hex|hexadecimal|binary|binaire|morse|cipher|code|message|and (?:follow|obey|do|execute)|et (?:suis|execute|obeis|applique|fais))",
            r"\b(?:base ?64|rot ?13|hexadecimal|message code|coded message|for the bot|pour (?:le|votre|ton) robot|turing)\b",
            r"\b(?:reply|respond|answer)(?: to (?:him|her|me|them))? (?:with|that|by saying|using)\b|\b(?:so|only|now) (?:reply|answer)\b|\brepond(?:s|ez) (?:que|par|en disant|avec|seulement|uniquement)\b",
            r"(?<!you )(?<!they )(?<!she )(?<!he )(?<!who )(?<!vous )(?<!tu )(?<!on )(?<!nous )(?<!i )\b(?:write|say|reply|answer|print|put|ecri[st]|ecrire|ecrivez|dites|repondez|reponds|affichez|mettez)(?: \w+){0,3}? ?[«“\"]",
            r"\b(?:ignor\w+|forget) everything and\b|\bif (?:a|the|any) (?:customer|client|user)s? (?:says?|mentions?|asks?)\b|\bsi (?:la|le|un|une) client\w* (?:mentionne|dit|demande|parle)",
            r"\b(?:faites|fais) comme si (?:vous|tu|n)|\b(?:redige|ecris|ecrivez|redigez)\w* (?:le|la|un|une) (?:dispositif|poeme|acrostiche|chapitre|chanson|haiku|sonnet)|\bacrosti\w+|\b(?:chapter one|in a novel|hypothetically)\b",
            r"\b(?:drop table|select \* from|import os|os\.system|rm -rf|curl http|traceback|brand\.toml|/etc/passwd|169\.254\.\d+)|\bfile://|\b(?:fais|faites|do|make) (?:une |a )?(?:requete|request) (?:get|post|http)",
            r"\b(?:modifi|remplac|supprim|approuv|valid)\w+ (?:le |les |tout |tous )?(?:brouillons?|ce qui attend)|\b(?:edit|change|delete|replace|approve) (?:the |all )?drafts?\b",
            r"\b(?:other|autre) (?:brand|marque)'?s? (?:signature|name|phone|voice)|\b(?:house|brand|company) you also (?:serve|work for|write for)|\bmarque (?:de \w+ )?(?:que vous servez|s'interdit)",
            r"\b(?:two approvals|deux approbations|drafts? you rejected|brouillons? (?:refuses?|rejetes?)|gravite \d|severity \d|on call (?:this|next) week|charte de crise|crisis charter)\b",
            r"(?:^|\s)(?:fin|end) (?:du|of|de la)(?: the| l')? ?(?:commentaire|comment|bloc|block|donnees|data|prompt|brief|message|texte|conversation)\b",
        )
    )
)
_BLOB = re.compile(r"(?<![\w/.@:-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w/.@-])")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}[\s:\\x]{0,2}){8,}")
_SPACED = re.compile(r"(?:(?<!\w)\w[ ._*|-]{1,2}){5,}\w(?!\w)")
_LEET = str.maketrans("013457@$", "oieastas")
_ALIKE = str.maketrans("аеорсухіѕјԁɡһкмтвнΑΒΕΖΗΙΚΜΝΟΡΤΥΧοα", "aeopcyxisjdghkmtbhABEZHIKMNOPTYXoa") | {
    0x1F1E6 + place: chr(ord("a") + place) for place in range(26)
}
_HIDDEN = re.compile(
    "[\u202d\u202e\ufff9-\ufffb\U000e0000-\U000e007f\U000e0100-\U000e01ef\x00-\x08\x0e-\x1f]"
    "|[A-Za-z][\u200b-\u200d\u2060][A-Za-z]|(?:\t+ +){4}|(?: +\t+){4}"
)
_FLAG = re.compile("\U0001f3f4\U000e0067\U000e0062[\U000e0061-\U000e007a]{3}\U000e007f")
"""England, Scotland, Wales: flags that are spelt in tags."""
_WIDTHLESS = re.compile("[\u200b\u200c\u2060-\u2064\u180e\u3164\ufeff\u00ad\u034f]")


def to_a_machine(text: str) -> str:
    """The words that give orders to a machine, as they were understood; empty when there are none."""
    for view in views(text):
        if found := _ORDERS.search(fold(view)):
            return found.group().strip()
    return ""


def hides(text: str) -> bool:
    """Whether a text, as it came, holds words that nobody sees: tags, turned direction, runs of signs without width."""
    text = _FLAG.sub("", text)
    return bool(_HIDDEN.search(text)) or len(_WIDTHLESS.findall(text)) >= 4


def views(text: str) -> Iterator[str]:
    """The text as it stands, and what it may say under the usual disguises."""
    text = text[:LONGEST]
    yield text
    plain = unicodedata.normalize("NFKC", unquote(html.unescape(text)).translate(_ALIKE))
    if plain != text:
        yield plain
    yield plain.translate(_LEET)
    yield _SPACED.sub(lambda run: re.sub(r"[^\w]", "", run.group()), plain)
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    for blob in _BLOB.findall(plain):
        yield from _decoded(blob)
    for run in _HEX.findall(plain):
        digits = re.sub(r"0x|[^0-9a-fA-F]", "", run)
        yield bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", errors="replace")


def _decoded(blob: str) -> Iterator[str]:
    """What a Base64 run says, where it says letters."""
    try:
        raw = base64.b64decode(blob.replace("-", "+").replace("_", "/") + "=" * (-len(blob) % 4))
        yield raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return
