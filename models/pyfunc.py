"""The model as MLflow serves it: a table of articles or sentences in, records out."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.pyfunc import PythonModel
from mlflow.types.schema import ColSpec, DataType, ParamSchema, ParamSpec, Schema

from stancewire.data.article import Article
from stancewire.data.errors import DataError
from stancewire.models.bundle import Bundle, load_bundle
from stancewire.models.predictor import Predictor

OPTIONAL = ("id", "title", "source", "published", "url", "target")
NEEDED = (
    "numpy",
    "scikit-learn",
    "scipy",
    "skops",
    "pydantic",
    "PyYAML",
    "mlflow",
    "pandas",
    "sentencex",
    "datasketch",
)
TRANSFORMER_NEEDED = ("tokenizers", "openvino")


class StancewireModel(PythonModel):  # type: ignore[misc]
    """Answers with one record a sentence. Parameter ``unit``: "sentence" (default) segments, "row" takes rows whole."""

    def load_context(self, context: Any) -> None:
        """Load the bundle that was logged."""
        self._bundle = load_bundle(Path(context.artifacts["bundle"]))
        self._name = f"{self._bundle.name}@{self._bundle.commit[:12]}"

    def predict(
        self, context: Any, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> list[dict[str, Any]]:
        """Return the records of all rows, in order. DataError for a row without text or an unknown unit."""
        unit = (params or {}).get("unit", "sentence")
        if unit not in ("sentence", "row"):
            raise DataError(f"unit: expected 'sentence' or 'row', found {unit!r}")
        frame = model_input if isinstance(model_input, pd.DataFrame) else pd.DataFrame(model_input)
        articles = [_article(row, number) for number, row in enumerate(frame.to_dict("records"))]
        predictor = Predictor(self._bundle, self._name, unit)
        return [record for records in predictor.records(articles) for record in records]


def model_signature(bundle: Bundle) -> ModelSignature:
    """Describe the input table; only ``text`` is required."""
    columns = [ColSpec(DataType.string, "text")]
    columns += [ColSpec(DataType.string, name, required=False) for name in OPTIONAL]
    return ModelSignature(inputs=Schema(columns), params=ParamSchema([ParamSpec("unit", DataType.string, "sentence")]))


def example_input(bundle: Bundle) -> pd.DataFrame:
    """Return one row to try the model with."""
    text = "The ministry said on Monday that its forces had reached the town. Residents told reporters that they were afraid."
    return pd.DataFrame([{"text": text}])


def requirements(bundle: Bundle) -> list[str]:
    """Return the pinned packages that the model needs to answer."""
    from importlib.metadata import version

    names = NEEDED + (TRANSFORMER_NEEDED if bundle.classifier.kind == "transformer" else ())
    return [f"{name}=={version(name)}" for name in names]


def _article(row: dict[str, Any], number: int) -> Article:
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"row {number}: expected text, found {text!r}")
    values = {name: None if _missing(row.get(name)) else str(row[name]) for name in OPTIONAL}
    ident = values.pop("id") or hashlib.sha256(text.encode()).hexdigest()[:16]
    return Article(id=ident, text=text, **values)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and bool(np.isnan(value)))
