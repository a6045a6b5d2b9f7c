"""Lets a person change a text in their own editor ($VISUAL, $EDITOR)."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from bot.errors import BontonError


def edit(text: str) -> str:
    """The text as the person saved it. Raises BontonError when there is no editor or it failed."""
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="bonton-") as folder:
        file = Path(folder) / "draft.txt"
        file.write_text(text + "\n", encoding="utf-8")
        try:
            subprocess.run([*shlex.split(command), str(file)], check=True)  # noqa: S603 - the person's own editor
        except (OSError, subprocess.CalledProcessError) as error:
            raise BontonError(f"the editor “{command}” failed ({type(error).__name__}); set EDITOR") from None
        return file.read_text(encoding="utf-8").rstrip("\n")
