"""From edits to habits, and from alike habits to one question: is this a rule?

A habit is read in people's edits alone. What also stands in the comment answered is about that case, so it is none; nor are
figures, names of accounts and addresses, which are facts. Detection only proposes: people accept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.domain.counters import clusters, is_emoji
from bot.domain.voice import SIGNS, Edit, Habit, HabitKind, Piece, Proposal, Rule
from bot.triage.text import fold
from bot.voice.diff import corrected, unsigned, words

ENOUGH = 3
"""Alike edits, on as many drafts, from which it is asked (issue: « after three alike edits »)."""
SWAPPED, REMOVED, ADDED = 3, 6, 10
"""Words at most of what is replaced, removed, or added at an end: a longer stretch is that text's own matter."""
LONGEST = 80
SHORT_WORD = 3
"""Letters: such words carry the grammar, and one cannot be replaced without its neighbours."""
SHORTER, FEWER = 0.8, 5
"""An edit shortens when it leaves this share of the words at most, and takes this many."""

ASKED: tuple[HabitKind, ...] = ("replace", "remove", "close", "open", "calm", "no_emoji", "exclaim", "emoji", "shorten")
"""What may become a rule, the most precise first; the others only speak against their opposites."""
_OPPOSITE: dict[HabitKind, tuple[HabitKind, ...]] = {
    "remove": ("add", "open", "close"),
    "add": ("remove",),
    "open": ("remove",),
    "close": ("remove",),
    "calm": ("exclaim",),
    "exclaim": ("calm",),
    "no_emoji": ("emoji",),
    "emoji": ("no_emoji",),
    "shorten": ("lengthen",),
    "lengthen": ("shorten",),
}


def habits(before: str, after: str, changes: tuple[Piece, ...], language: str, comment: str = "") -> tuple[Habit, ...]:
    """What an edit did that another may do alike; `comment` is the public's text that the draft answers, if any."""
    found = dict.fromkeys(_of_signs(before, after))
    mostly = corrected(changes)
    for place, piece in enumerate(changes):
        if not piece.kept:
            last = place == len(changes) - 1 or (place == len(changes) - 2 and _is_signature(changes[-1]))
            habit = _of_words(piece, language, first=place == 0, last=last)
            if habit and (mostly or habit.kind in ("open", "close")) and not _of_the_case(habit, comment):
                found[habit] = None
    return tuple(found)


def proposal(latest: Edit, edits: Iterable[Edit], rules: Collection[Rule]) -> Proposal | None:
    """What to ask after `latest`, given the brand's edits (the latest among them) and the rules ever asked.

    A habit is asked once for a network; for every network, only when it was asked for none.
    """
    known = {(rule.habit.key, rule.network) for rule in rules if rule.brand == latest.brand}
    everywhere = [edit for edit in edits if edit.brand == latest.brand]
    here = [edit for edit in everywhere if edit.network == latest.network]
    for habit in sorted(latest.habits, key=lambda one: ASKED.index(one.kind) if one.kind in ASKED else len(ASKED)):
        if habit.kind not in ASKED or {(habit.key, ""), (habit.key, latest.network)} & known:
            continue
        for network, seen in ((latest.network, here), ("", everywhere)):
            if not network and any(key == habit.key for key, _ in known):
                continue
            drafts = _drafts(habit, seen)
            if latest.draft in drafts and len(drafts) - len(_against(habit, seen)) >= ENOUGH:
                ordered = (*(number for number in drafts if number != latest.draft), latest.draft)
                return Proposal(
                    brand=latest.brand,
                    network=network,
                    habit=_measured(habit, seen),
                    drafts=ordered,
                    draft=latest.draft,
                    revision=latest.revision,
                )
    return None


def opposites(habit: Habit) -> list[tuple[str, str, str, str]]:
    """Keys of the habits that undo this one."""
    if habit.kind == "replace":
        return [habit.model_copy(update={"before": habit.after, "after": habit.before}).key]
    changes = [{"kind": kind} for kind in _OPPOSITE.get(habit.kind, ())]
    swapped = {"before": habit.after, "after": habit.before}
    return [habit.model_copy(update={**change, **swapped}).key for change in changes]


def _drafts(habit: Habit, edits: Sequence[Edit]) -> list[int]:
    """Drafts whose edits, taken together, did this; what was done and undone on one draft is nothing."""
    return sorted(number for number, count in _counted(habit, edits).items() if count > 0)


def _against(habit: Habit, edits: Sequence[Edit]) -> list[int]:
    return [number for number, count in _counted(habit, edits).items() if count < 0]


def _counted(habit: Habit, edits: Sequence[Edit]) -> Counter[int]:
    against = set(opposites(habit))
    count: Counter[int] = Counter()
    for edit in edits:
        keys = {one.key for one in edit.habits}
        count[edit.draft] += (habit.key in keys) - bool(against & keys)
    return count


def _measured(habit: Habit, edits: Sequence[Edit]) -> Habit:
    """A rule on length says the most words that people left, in tens."""
    if habit.kind != "shorten":
        return habit
    most = max(one.words for edit in edits for one in edit.habits if one.key == habit.key)
    return habit.model_copy(update={"words": -(-most // 10) * 10})


def _of_signs(before: str, after: str) -> Iterator[Habit]:
    """Exclamation marks, emoji and length: habits of a whole text."""
    kinds: tuple[tuple[HabitKind, HabitKind, bool, bool], ...] = (
        ("calm", "exclaim", "!" in before, "!" in after),
        ("no_emoji", "emoji", has_emoji(before), has_emoji(after)),
    )
    for away, into, had, has in kinds:
        if had != has:
            yield Habit(kind=away if had else into)
    old, new = len(before.split()), len(after.split())
    if old - new >= FEWER and new <= SHORTER * old:
        yield Habit(kind="shorten", words=new)
    elif new - old >= FEWER and old <= SHORTER * new:
        yield Habit(kind="lengthen")


def _of_words(piece: Piece, language: str, *, first: bool, last: bool) -> Habit | None:
    before, after = _bare(piece.before), _bare(piece.after)
    count_before, count_after = _spoken(before), _spoken(after)
    if count_before and count_after:
        fits = max(count_before, count_after) <= SWAPPED and before.casefold() != after.casefold()
        return _habit("replace", language, before=before, after=after) if fits else None
    if count_before:
        return _habit("remove", language, before=before) if count_before <= REMOVED else None
    if (first or last) and count_after <= ADDED:
        added = piece.after.lstrip(" .,;:!?…\n") if last else piece.after.strip()  # « Bonjour, » and « — Nora »
        return _habit("close" if last else "open", language, after=added) if count_after or has_emoji(added) else None
    return _habit("add", language, after=after) if 0 < count_after <= REMOVED else None


def _is_signature(piece: Piece) -> bool:
    return piece.kept and not unsigned(f"\n{piece.after}")[0]


def _habit(kind: HabitKind, language: str, *, before: str = "", after: str = "") -> Habit | None:
    both = before + after
    is_fact = any(sign.isdigit() or sign in "@#/" for sign in both) or "www." in both
    grammar = kind in ("replace", "remove") and len(before) <= SHORT_WORD
    if is_fact or grammar or len(before) > LONGEST or len(after) > LONGEST or "\n\n" in before:
        return None
    return Habit(kind=kind, before=before, after=after, language=language)


def _of_the_case(habit: Habit, comment: str) -> bool:
    said = f" {' '.join(words(fold(comment)))} "
    return any(f" {' '.join(words(fold(text)))} " in said for text in (habit.before, habit.after) if _spoken(text))


def _bare(text: str) -> str:
    """Without the signs at its ends."""
    return text.strip(SIGNS)


def _spoken(text: str) -> int:
    return sum(any(sign.isalnum() for sign in word) for word in words(text))


def has_emoji(text: str) -> bool:
    return any(is_emoji(cluster) and not cluster.isdigit() and cluster not in "©®™" for cluster in clusters(text))
