"""A config is one typed object, and every mistake is one line that names key, expectation and finding."""

from pathlib import Path

import pytest

from stancewire.data.errors import ConfigError
from stancewire.models.settings import Settings, TfidfSettings, load_settings, parse_settings

CONFIGS = Path(__file__).parents[2] / "configs"


@pytest.mark.parametrize("name", ["majority", "tfidf", "transformer"])
def test_shipped_configs_are_valid(name: str) -> None:
    assert load_settings(CONFIGS / f"{name}.yaml").name == name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sed": 1}, r"^t: sed: Extra inputs are not permitted, found 1$"),
        ({"seed": "one"}, r"^t: seed: Input should be a valid integer.*found 'one'$"),
        ({"seed": -1}, r"^t: seed: Input should be greater than or equal to 0, found -1$"),
        ({"model": {"kind": "forest"}}, r"^t: model: Input tag 'forest' found using 'kind' does not match"),
        ({"model": {"kind": "tfidf", "folds": 1}}, r"^t: model.tfidf.folds: .*greater than or equal to 2, found 1$"),
        ({"review": {"error_rate": 2.0}}, r"^t: review.error_rate: .*less than 1, found 2.0$"),
        ({"name": ""}, r"^t: name: String should have at least 1 character"),
    ],
)
def test_mistakes_are_one_line(change: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        parse_settings({"name": "t", "model": {"kind": "majority"}} | change, "t")
    assert "\n" not in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    settings = parse_settings({"name": "t", "model": {"kind": "majority"}}, "t")
    with pytest.raises(ValueError, match="frozen"):
        settings.seed = 3  # type: ignore[misc]


def test_overrides_reach_nested_keys(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("name: t\nmodel: {kind: tfidf}\n")
    settings = load_settings(path, ["seed=7", "model.c_grid=[0.5, 2.0]", "data.synthetic_weight=0.25"])
    assert isinstance(settings.model, TfidfSettings)
    assert (settings.seed, settings.model.c_grid, settings.data.synthetic_weight) == (7, (0.5, 2.0), 0.25)


@pytest.mark.parametrize(
    ("override", "message"),
    [("seed", "expected key=value"), ("seed.x=1", "'seed' is a value, not a section"), ("=1", "expected key=value")],
)
def test_bad_overrides_are_named(tmp_path: Path, override: str, message: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("name: t\nseed: 1\nmodel: {kind: majority}\n")
    with pytest.raises(ConfigError, match=message):
        load_settings(path, [override])


@pytest.mark.parametrize("text", ["a: [", "- 1", "just words", ""])
def test_files_that_are_no_config(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match="c.yaml"):
        load_settings(path)
    with pytest.raises(ConfigError, match="config not found"):
        load_settings(tmp_path / "none.yaml")


def test_flat_settings_name_every_key() -> None:
    settings: Settings = parse_settings({"name": "t", "model": {"kind": "tfidf"}}, "t")
    flat = settings.flat()
    assert flat["model.c_grid"] == "[1.0, 4.0]"
    assert flat["data.synthetic_weight"] == "0.0"
