"""Encoders: the default remembers what it has read; others come through LangChain, or say what is missing."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest

from knowledge.embed import EncoderError, LangChainEncoder, UseEncoder, encoder_from


class Model:
    """In the place of the real weights: counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Any:
        self.asked += texts
        return np.eye(512, dtype=np.float32)[[len(text) for text in texts]]


@pytest.fixture
def model() -> Model:
    return Model()


def encoder(model: Model, remembered: int = 10) -> UseEncoder:
    made = UseEncoder(remembered)
    made._model = model
    return made


def test_a_text_is_read_once(model: Model) -> None:
    use = encoder(model)
    vectors = use.encode(["a", "bb", "a"])
    assert vectors.shape == (3, 512)
    assert vectors[0] @ vectors[2] == 1
    use.encode(["bb", "ccc"])
    assert model.asked == ["a", "bb", "ccc"]


def test_the_text_longest_unused_is_forgotten_first(model: Model) -> None:
    use = encoder(model, remembered=2)
    use.encode(["a", "bb"])
    use.encode(["a"])
    use.encode(["ccc"])
    use.encode(["a", "bb"])
    assert model.asked == ["a", "bb", "ccc", "bb"]


def test_more_texts_than_are_remembered_still_come_back_whole(model: Model) -> None:
    assert encoder(model, remembered=2).encode(["a", "bb", "ccc", "dddd"]).shape == (4, 512)


def test_no_text_makes_no_row(model: Model) -> None:
    assert encoder(model).encode([]).shape == (0, 512)


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(EncoderError, match=r"BONTON_EMBEDDINGS=magic: .*use-multilingual"):
        encoder_from("magic")


def test_without_langchain_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain", None)
    monkeypatch.setitem(sys.modules, "langchain.embeddings", None)
    with pytest.raises(EncoderError, match=r"bonton\[models\]"):
        LangChainEncoder("openai:some-model")


class Provided:
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[3.0, 4.0, 0.0] for _ in texts]


def test_langchain_vectors_are_normalised_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def init_embeddings(setting: str, **options: Any) -> Provided:
        given.update(options, setting=setting)
        return Provided()

    monkeypatch.setitem(sys.modules, "langchain", types.ModuleType("langchain"))
    module = types.ModuleType("langchain.embeddings")
    module.init_embeddings = init_embeddings  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain.embeddings", module)
    made = LangChainEncoder("openai:some-model")
    assert (made.name, made.dimensions) == ("openai:some-model", 3)
    assert made.encode(["x"])[0].tolist() == pytest.approx([0.6, 0.8, 0])
    assert given == {"setting": "openai:some-model", "check_embedding_ctx_length": False}
