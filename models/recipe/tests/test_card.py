"""The committed card belongs to the committed model, to these sources and to the README."""

import pytest
import yaml

from ..paths import MODEL_FOLDER
from ..provenance import HERE, sha256_of, training_code_version
from ..table import around, table, write_between
from ..targets import target_table


@pytest.fixture
def card() -> dict:
    return yaml.safe_load((MODEL_FOLDER / "card.yaml").read_text())


def test_names_the_model_file_by_its_hash(card: dict) -> None:
    assert card["sha256"] == sha256_of(MODEL_FOLDER / "model.onnx")


def test_names_the_sources_that_trained_it(card: dict) -> None:
    assert card["training"]["codeVersion"] == training_code_version()


def test_the_readme_shows_the_figures_of_the_card(card: dict) -> None:
    assert around(MODEL_FOLDER / "README.md", "card")[1] == table(card)


def test_the_recipe_shows_what_the_card_reached(card: dict) -> None:
    assert around(HERE / "README.md", "targets")[1] == target_table(card)


def test_says_by_how_much_a_target_is_missed(card: dict) -> None:
    card["holdout"]["classes"]["tote"]["ap50"]["value"] = 0.85
    card["speed"]["gflop"] = 0.75
    rows = target_table(card).splitlines()
    assert "| AP50 `tote` | 0.90 | 0.850, missed by 0.050 |" in rows
    assert "| GFLOP a frame | 0.70 | 0.750, missed by 0.050 |" in rows


def test_refuses_a_readme_without_its_markers(card: dict, tmp_path) -> None:
    (tmp_path / "README.md").write_text("no table here")
    with pytest.raises(ValueError, match="expected one '<!-- card: begin -->'"):
        write_between(tmp_path / "README.md", "card", table(card))
