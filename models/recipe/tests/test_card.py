"""The committed card belongs to the committed model, to these sources and to the README."""

import pytest
import yaml

from ..paths import MODEL_FOLDER
from ..provenance import sha256_of, training_code_version
from ..table import BEGIN, END, table, update_readme


@pytest.fixture(scope="module")
def card() -> dict:
    return yaml.safe_load((MODEL_FOLDER / "card.yaml").read_text())


def test_names_the_model_file_by_its_hash(card: dict) -> None:
    assert card["sha256"] == sha256_of(MODEL_FOLDER / "model.onnx")


def test_names_the_sources_that_trained_it(card: dict) -> None:
    assert card["training"]["codeVersion"] == training_code_version()


def test_the_readme_shows_the_figures_of_the_card(card: dict) -> None:
    shown = (MODEL_FOLDER / "README.md").read_text().split(BEGIN)[1].split(END)[0].strip()
    assert shown == table(card)


def test_refuses_a_readme_without_its_markers(card: dict, tmp_path) -> None:
    (tmp_path / "README.md").write_text("no table here")
    with pytest.raises(ValueError, match="expected one '<!-- card: begin -->'"):
        update_readme(tmp_path / "README.md", card)
