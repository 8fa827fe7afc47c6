"""From the name of a model to its folder; MLflow is imported only where a store has to be asked."""

from pathlib import Path

from stancewire.data.errors import ConfigError
from stancewire.models.bundle import MANIFEST


def locate_bundle(uri: str) -> tuple[Path, str]:
    """Return the bundle's folder and the exact URI of ``models:/NAME@ALIAS``, ``runs:/RUN/model`` or a model folder.

    ConfigError if it is none of these; ArtefactError if the store has no such model.
    """
    if uri.startswith(("runs:/", "models:/")):
        from stancewire.models.tracking import download_bundle

        return download_bundle(uri)
    folder = Path(uri)
    if not (folder / MANIFEST).is_file():
        raise ConfigError(
            f"{uri}: expected runs:/RUN/model, models:/NAME@ALIAS or a model folder; found no {MANIFEST} there"
        )
    return folder, uri
