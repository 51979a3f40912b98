"""The pages of the model say what the code builds."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from optmix.model.assemble import CONCEPTS
from optmix.model.concept import Concept, Equation

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def pages() -> ModuleType:
    """Sphinx finds its extensions by path, and so does this."""
    spec = importlib.util.spec_from_file_location("concept_pages", DOCS / "_ext/concept_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_concept_has_a_page_that_the_index_lists() -> None:
    names = {concept.name for concept in CONCEPTS}
    tree = re.search(r"```{toctree}(.*?)```", (DOCS / "model/index.md").read_text(), re.DOTALL)

    assert tree is not None
    assert {line for line in tree[1].split() if not line.startswith(":")} - {"1"} == names
    assert {page.stem for page in (DOCS / "model").glob("*.md")} == names | {"index"}


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.name)
def test_a_page_states_every_equation_of_its_concept(pages: ModuleType, concept: Concept) -> None:
    text = pages.concept_page(concept)

    assert text.count("$$") == 2 * len(concept.equations)
    for equation in concept.equations:
        assert f"### {equation.id}: " in text
        assert f"`{concept.name}_rows.{equation.name}`" in text


def test_the_index_has_every_equation(pages: ModuleType) -> None:
    rows = pages.equation_table().splitlines()[2:]

    assert len(rows) == sum(len(concept.equations) for concept in CONCEPTS)


def test_a_source_is_kept(pages: ModuleType) -> None:
    commitment = next(concept for concept in CONCEPTS if concept.name == "commitment")

    assert "Source: Rajan and Takriti" in pages.concept_page(commitment)


def test_a_docstring_of_another_layout_is_refused(pages: ModuleType) -> None:
    def rule() -> None:
        """X-1  Says too little.

        .. math:: 1 = 1

        Over: TIMES.
        """

    with pytest.raises(ValueError, match="rule"):
        pages.statement(Equation("X-1", ("TIMES",), rule))
