"""Makes chat models from their settings, through LangChain, and reads what went wrong with a call.

Imported and made only when a draft needs it: LangChain takes seconds to import. Providers keep their own settings
(`OPENAI_API_KEY`, `OPENAI_API_BASE`, …), which LangChain reads.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from bot.errors import SettingsError

MOST_WORDS = 1_600
"""Output tokens that a call may use: three long replies, and an end to what a runaway answer can cost."""
EXTRAS = {
    "openai": ("langchain_openai", "openai"),
    "azure_openai": ("langchain_openai", "openai"),
    "anthropic": ("langchain_anthropic", "anthropic"),
    "mistralai": ("langchain_mistralai", "mistral"),
    "google_genai": ("langchain_google_genai", "google"),
    "ollama": ("langchain_ollama", "ollama"),
}
"""Providers that Bonton has an extra for: the module, and the extra that brings it."""
_LIMITS: dict[str, dict[str, Any]] = {"ollama": {"num_predict": MOST_WORDS}, "huggingface": {}}

Maker = Callable[[str, float], Any]


def installed(setting: str) -> None:
    """Raises SettingsError with the command that installs what `BONTON_MODEL` needs; imports nothing heavy."""
    provider, _, name = setting.partition(":")
    if not provider or not name:
        raise SettingsError(
            f"BONTON_MODEL={setting}: “provider:name” is expected, such as openai:gpt-5-mini, or playbook for no model"
        )
    module, extra = EXTRAS.get(provider, ("langchain", "models"))
    for needed in ("langchain", "tenacity", module):
        if importlib.util.find_spec(needed) is None:
            raise SettingsError(
                f"BONTON_MODEL={setting}: its parts are missing; install them: pip install 'bonton[{extra}]'"
            )


def make(setting: str, timeout: float) -> Any:
    """The chat model of “provider:name”. Raises SettingsError when LangChain or the provider's part cannot make it."""
    installed(setting)
    from langchain.chat_models import init_chat_model

    provider = setting.partition(":")[0]
    limits = _LIMITS.get(provider, {"max_tokens": MOST_WORDS, "timeout": timeout, "max_retries": 0})
    try:
        return init_chat_model(setting, **limits)
    except ImportError:
        package = f"langchain-{provider.replace('_', '-')}"
        raise SettingsError(
            f"BONTON_MODEL={setting}: its parts are missing; install them: pip install {package}"
        ) from None
    except Exception as error:
        raise SettingsError(f"BONTON_MODEL={setting} cannot be made ({_first_line(error)})") from None


async def reach(setting: str, seconds: float) -> tuple[bool, str]:
    """Whether the model can be made and its provider's address answers; a connection is opened, and no word is sent."""
    model = await asyncio.to_thread(make, setting, seconds)
    found = _address(model)
    if found is None:
        return True, f"{setting}; its address is the provider's own, not tried"
    host, port = found
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), seconds)
    except OSError as error:
        return (
            False,
            f"{setting}: {host}:{port} does not answer ({type(error).__name__}): is the network open, the server up?",
        )
    writer.close()
    return True, f"{setting}; {host}:{port} answers"


def _address(model: Any) -> tuple[str, int] | None:
    """Host and port of the provider, where the model tells them."""
    client = getattr(model, "root_client", None) or getattr(model, "_client", None)
    for holder, name in (
        (client, "base_url"),
        (model, "openai_api_base"),
        (model, "base_url"),
        (model, "endpoint"),
        (model, "anthropic_api_url"),
    ):
        value = getattr(holder, name, None)
        address = urlsplit(str(value)) if value else None
        if address is not None and address.hostname:
            return address.hostname, address.port or (80 if address.scheme == "http" else 443)
    return None


def why(error: BaseException) -> str:
    """What kind of fault a provider's error is: `why.*` of the interface pages. By status and name, whoever's library raised it."""
    names = " ".join(kind.__name__.lower() for kind in type(error).__mro__)
    status = _status(error)
    if isinstance(error, asyncio.TimeoutError | TimeoutError) or "timeout" in names or status in (408, 504):
        return "slow"
    if status == 429 or "ratelimit" in names:
        return "limited"
    if status is not None and 400 <= status < 500:
        return "denied"
    if isinstance(error, ValueError | KeyError | TypeError | AttributeError):
        return "garbage"  # the provider's library could not make sense of what came
    return "down"


def passing(error: BaseException) -> bool:
    """Whether a second try may well succeed: turned away at the door, nothing was written."""
    return why(error) in ("limited", "down")


def _status(error: BaseException) -> int | None:
    for holder in (error, getattr(error, "response", None)):
        for name in ("status_code", "code", "http_status"):
            value = getattr(holder, name, None)
            if isinstance(value, int) and 100 <= value < 600:
                return value
    return None


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
