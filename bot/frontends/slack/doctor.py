"""What `bonton doctor` says about Slack: which setting, token or scope is missing, and how to mend it. Changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.frontends.slack import web
from bot.frontends.slack.manifest import SCOPES, missing
from bot.settings import Settings
from knowledge.brand import Brand

Found = tuple[str, bool, str]


async def examine(settings: Settings, brands: Sequence[Brand]) -> list[Found]:
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    signing = settings.slack_signing_secret.get_secret_value()
    if not (bot or app or signing):
        return [("slack", True, "not set up (docs/slack.md says how)")]
    if not bot:
        return [
            ("slack", False, "SLACK_BOT_TOKEN is not set: the app's page, OAuth & Permissions, Bot User OAuth Token")
        ]
    if not (app or signing):
        return [
            (
                "slack",
                False,
                "set SLACK_APP_TOKEN (Socket Mode; Basic Information, App-Level Tokens) or SLACK_SIGNING_SECRET",
            )
        ]
    client = web.client(bot, settings.slack_api_url)
    try:
        found = [await _bot(client)]
        if app and found[0][1]:
            found.append(await _app(client, app))
        if signing:
            found.append(("slack http", True, f"signed events are taken on /slack/events, port {settings.http_port}"))
        found.append(_people(brands))
        return found
    finally:
        if client.session is not None:
            await client.session.close()


async def _bot(client: AsyncWebClient) -> Found:
    try:
        told = await client.auth_test()
    except SlackApiError as error:
        reason = error.response.get("error", "")
        return "slack", False, f"SLACK_BOT_TOKEN is refused ({reason}): copy it again from OAuth & Permissions"
    except web.TROUBLE as error:
        return "slack", False, f"{client.base_url} does not answer ({type(error).__name__})"
    if scopes := missing(str(told.headers.get("x-oauth-scopes", ""))):
        why = "; ".join(f"{scope} {SCOPES[scope]}" for scope in scopes)
        return "slack", False, f"scopes are missing: {why}. Paste `bonton slack manifest` again and reinstall the app"
    return "slack", True, f"workspace {told.get('team')}, member {told.get('user')}, every scope"


async def _app(client: AsyncWebClient, token: str) -> Found:
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        reason = error.response.get("error", "")
        return "slack socket", False, f"SLACK_APP_TOKEN is refused ({reason}): make one with connections:write"
    except web.TROUBLE as error:
        return "slack socket", False, f"Socket Mode does not answer ({type(error).__name__})"
    return "slack socket", True, "Socket Mode opens"


def _people(brands: Sequence[Brand]) -> Found:
    """A brand that names somebody in Slack but nobody who may approve there would wait for ever."""
    known = [brand for brand in brands if any(person.slack for person in brand.people)]
    silent = [brand.slug for brand in known if not any(one.slack and one.decides for one in brand.people)]
    if silent:
        return (
            "slack people",
            False,
            f'nobody of {", ".join(silent)} can approve from Slack: add slack = "U…" in brand.toml',
        )
    if not known:
        return (
            "slack people",
            False,
            'no brand.toml names anybody in Slack: add slack = "U…" under people to approve there',
        )
    return "slack people", True, ", ".join(brand.slug for brand in known)
