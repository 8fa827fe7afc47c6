"""What MLflow runs to load a logged model: the model's code, not a pickle of it."""

from mlflow.models import set_model

from stancewire.models.pyfunc import StancewireModel

set_model(StancewireModel())
