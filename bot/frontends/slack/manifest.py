"""The Slack app's manifest: scopes no wider than used, each with its reason, so that set-up is one paste.

Fields: docs.slack.dev, "App manifest reference", 2026-11.
"""

from __future__ import annotations

from typing import Any

SCOPES = {
    "app_mentions:read": "to hear when somebody mentions Bonton",
    "assistant:write": "to show suggested prompts and a status in the assistant pane",
    "channels:history": "to hear follow-ups in its own threads, and find its own card again after a crash",
    "chat:write": "to post and update its cards, and to answer one person privately",
    "commands": "for /bonton, those of a crisis, and the shortcuts",
    "files:read": "to read a guideline that a lead drops",
    "files:write": "to hand over a crisis's report",
    "groups:history": "the same as channels:history, in private channels it was invited to",
    "im:history": "to hear direct messages to it",
    "im:write": "to answer directly where it is not a member of the channel",
    "mpim:history": "the same as channels:history, in group conversations",
    "reactions:write": "to show at once that it heard (👀)",
    "users:read": "to speak each person's language and call them by their name",
}
EVENTS = (
    "app_home_opened",
    "app_mention",
    "assistant_thread_started",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
)
CRISIS = tuple(
    {"command": f"/{name}", "description": told, "usage_hint": hint, "should_escape": True}
    for name, told, hint in (
        ("crise", "Ouvrir une crise, ou sa salle", "le sujet | fait : … | prochain point 14:00 | niveau 3"),
        ("crisis", "Open a crisis, or its room", "the subject | fact: … | next update 14:00 | level 3"),
        ("levee", "Lever la crise", "(à deux)"),
        ("lift", "Lift the crisis", "(two people)"),
        ("exercice", "Lancer un exercice de crise", "(rien ne peut partir)"),
        ("drill", "Start a crisis drill", "(nothing can leave)"),
    )
)
"""Commands of their own, in the language of who types them at 23:00; another app of the workspace may hold one of these names, and
then `/bonton crise` does the same."""
PATH = "/slack/events"


def missing(granted: str) -> list[str]:
    """Scopes we use that the token does not have; none when Slack did not say (`granted`: the `x-oauth-scopes` header)."""
    known = {scope.strip() for scope in granted.split(",") if scope.strip()}
    return [scope for scope in SCOPES if scope not in known] if known else []


def manifest(address: str = "") -> dict[str, Any]:
    """For Socket Mode, or for signed HTTP when `address` is given: the public https address of `bonton serve`."""
    url = f"{address.rstrip('/')}{PATH}" if address else ""
    command = {
        "command": "/bonton",
        "description": "Draft a reply or a post, ask the guidelines, see what waits",
        "usage_hint": "reply instagram … | post linkedin,x … | ask … | pending | help",
        "should_escape": True,
    }
    shortcuts = [
        {
            "name": "Draft a reply",
            "type": "message",
            "callback_id": "draft_reply",
            "description": "Draft a reply to this comment",
        },
        {
            "name": "New draft",
            "type": "global",
            "callback_id": "new_draft",
            "description": "Draft a reply or a post",
        },
    ]
    return {
        "display_information": {
            "name": "Bonton",
            "description": "Le bon ton au bon endroit: drafts in the tone of each network, approved by people",
            "background_color": "#1f3d36",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Bonton", "always_online": True},
            "assistant_view": {
                "assistant_description": "Drafts replies and posts in your brand's tone, for you to approve"
            },
            "shortcuts": shortcuts,
            "slash_commands": [{**one, "url": url} if url else one for one in (command, *CRISIS)],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(EVENTS), **({"request_url": url} if url else {})},
            "interactivity": {"is_enabled": True, **({"request_url": url} if url else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }
