"""What every test stands on: a brand made up in code, its own data folder, and no way out to the internet."""

from __future__ import annotations

import fcntl
import hashlib
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.draft import Approvals, Body, NewDraft
from bot.pages import Pages
from knowledge.brand import Brand, Claims, Contact, Emoji, Hashtags, Person, Product, Shop
from tests.fakes import serving

PEOPLE = (
    Person(name="Ada", roles=("approver",), slack="U0ADA", telegram=101),
    Person(name="Ben", roles=("approver",), slack="U0BEN", telegram=102),
    Person(name="Chloé", roles=("approver", "lead"), slack="U0CHLOE", telegram=103),
    Person(name="Dan", roles=("approver", "crisis_lead"), slack="U0DAN", telegram=104),
    Person(name="Eve", roles=("legal",), slack="U0EVE", telegram=105),
    Person(name="Fay", slack="U0FAY", telegram=106),
)


@pytest.fixture(scope="session")
def brand() -> Brand:
    """Moulin Doré: a made-up bakery, French and English, with one of each kind of colleague."""
    return Brand(
        slug="moulin-dore",
        folder=Path("moulin-dore"),
        name="Moulin Doré",
        about={"fr": "Une boulangerie de Lille.", "en": "A bakery in Lille."},
        country="FR",
        languages=("fr", "en"),
        networks=("instagram", "facebook", "google", "x", "linkedin"),
        register={"fr": {"default": "vous", "tiktok": "tu"}},
        signature={"fr": {"default": "— Nora"}, "en": {"default": "— Nora"}},
        contact=Contact(
            care="bonjour@moulin-dore.example",
            press="presse@moulin-dore.example",
            site="https://www.moulin-dore.example",
            phone="03 20 00 01 02",
        ),
        shops=(Shop(name={"fr": "la boutique de Wazemmes", "en": "the Wazemmes shop"}),),
        products=(Product(name={"fr": "pain de seigle", "en": "rye bread"}),),
        claims=Claims(allowed=("farine moulue à Lille",)),
        emoji=Emoji(policy="few", allowed=("🥖",), never_on=("linkedin",)),
        hashtags=Hashtags(always=("#MoulinDoré",)),
        people=PEOPLE,
    )


@pytest.fixture(scope="session")
def pages() -> Pages:
    return Pages()


@pytest.fixture(scope="session")
def new_draft() -> Callable[..., NewDraft]:
    """Makes a draft on its way to the ledger; what is named differs from an ordinary reply that one person approves."""

    def make(request: str = "event-1", network: str = "instagram", *, prompt: str = "Late!", **body: Any) -> NewDraft:
        says: dict[str, Any] = {
            "text": "Sorry.",
            "approvals": Approvals(needed=1),
            "language": "en",
            "writer": "playbook",
        }
        return NewDraft(
            request=request,
            brand="moulin-dore",
            skill="reply",
            network=network,
            kind="comment",
            prompt=prompt,
            body=Body(**says | body),
        )

    return make


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that has learned the sample brands and the situations once for all; in `brands`, one of them with its fronts."""
    version = hashlib.sha256(Path(serving.__file__).read_bytes()).hexdigest()[:8]
    place = tmp_path_factory.getbasetemp().parent / f"learned-{version}"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            shutil.rmtree(place, ignore_errors=True)
            command = [sys.executable, "-m", "bot", "draft", "reply", "--network", "x", "--lines"]
            settings = {**os.environ, "BONTON_HOME": str(place)}
            asked = [{"text": "Hello?", "brand": brand} for brand in ("maison-virevent", "tern-and-thistle")]
            lines = "\n".join(map(json.dumps, asked)).encode()
            subprocess.run(
                [*command, "--brand", "maison-virevent"], input=lines, env=settings, check=True, capture_output=True
            )
            serving.brand_folder(place / "brands", fronts=True)
            for file in [*place.glob("*.sqlite*"), place / "owner.lock"]:
                file.unlink(missing_ok=True)
            (place / "ready").touch()
    return place


@pytest.fixture(scope="session")
def new_home(learned: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A data folder of its own, that need not learn again."""

    def make() -> Path:
        home = tmp_path_factory.mktemp("home") / "home"
        shutil.copytree(learned, home)
        return home

    return make


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder: each test has its own, and none touches yours."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("BONTON_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True, scope="session")
def nothing_leaves_this_machine() -> Any:
    """Only unix and loopback sockets may be opened: a test that would call a vendor fails, and says where to."""

    def guarded(really: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _here(address[0]):
                raise AssertionError(f"a test tried to reach {address[0]}")
            return really(self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
