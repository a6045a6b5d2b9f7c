"""The environment, read once, in `app.py`: the settings of the contract and nothing else."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.brand import SAMPLES


class Settings(BaseSettings):
    model_config = SettingsConfigDict(populate_by_name=True, extra="ignore", env_ignore_empty=True)

    home: Path = Field(default=Path("~/.bonton"), validation_alias="BONTON_HOME")
    brands: Path | None = Field(default=None, validation_alias="BONTON_BRANDS")
    model: str = Field(default="playbook", validation_alias="BONTON_MODEL")
    model_fallback: str = Field(default="", validation_alias="BONTON_MODEL_FALLBACK")
    model_timeout: float = Field(default=8.0, gt=0, le=8, validation_alias="BONTON_MODEL_TIMEOUT")
    model_price: str = Field(default="", validation_alias="BONTON_MODEL_PRICE")
    model_budget: float = Field(default=0.0, ge=0, validation_alias="BONTON_MODEL_BUDGET")
    embeddings: str = Field(default="use-multilingual", validation_alias="BONTON_EMBEDDINGS")
    database_url: SecretStr = Field(default=SecretStr(""), validation_alias="BONTON_DATABASE_URL")
    chroma_url: str = Field(default="", validation_alias="BONTON_CHROMA_URL")
    http_host: str = Field(default="127.0.0.1", validation_alias="BONTON_HTTP_HOST")
    http_port: int = Field(default=8080, ge=0, le=65535, validation_alias="BONTON_HTTP_PORT")
    slack_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET")
    slack_app_token: SecretStr = Field(default=SecretStr(""), validation_alias="SLACK_APP_TOKEN")
    slack_api_url: str = Field(default="https://slack.com/api/", validation_alias="BONTON_SLACK_API_URL")
    comments_secret: SecretStr = Field(default=SecretStr(""), validation_alias="BONTON_COMMENTS_SECRET")
    telegram_bot_token: SecretStr = Field(default=SecretStr(""), validation_alias="TELEGRAM_BOT_TOKEN")
    telegram_webhook: str = Field(default="", validation_alias="BONTON_TELEGRAM_WEBHOOK")
    telegram_api_url: str = Field(default="https://api.telegram.org", validation_alias="BONTON_TELEGRAM_API_URL")

    @property
    def folder(self) -> Path:
        return self.home.expanduser().resolve()

    @property
    def models(self) -> tuple[str, ...]:
        """The models that write, the first one first; none when the playbooks do."""
        return () if self.model == "playbook" else tuple(name for name in (self.model, self.model_fallback) if name)

    @property
    def brand_places(self) -> tuple[Path, ...]:
        """Where brands are looked for, the team's own before the samples."""
        return (self.brands or self.folder / "brands", SAMPLES)
