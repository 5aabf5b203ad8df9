"""Access paths: other spellings, what calls and attributes give, and constructors told apart by an argument."""

from __future__ import annotations

import pytest

from mltradeoff_lint.catalog.index import Catalog
from mltradeoff_lint.catalog.load import CatalogError, load_catalog


def catalog(text: str) -> Catalog:
    return load_catalog((), [("test.yaml", ("library: test\nroots: [test]\n" + text).encode())])


def test_a_spelling_known_for_a_package_counts_for_what_is_imported_from_inside_it() -> None:
    known = catalog("same:\n  keras: [tensorflow.keras]\n")
    assert known.imported("tensorflow.keras.layers.Dense") == "keras.layers.Dense"
    assert known.imported("tensorflow.data.Dataset") == "tensorflow.data.Dataset"


def test_the_spelling_of_the_whole_path_wins_over_that_of_its_package() -> None:
    known = catalog("same:\n  keras: [tensorflow.keras]\n  keras.Model: [tensorflow.keras.models.Model]\n")
    assert known.imported("tensorflow.keras.models.Model") == "keras.Model"


def test_self_is_the_receiver_for_calls_and_attributes_exact_or_by_pattern() -> None:
    known = catalog(
        "gives:\n  lib.A().with_options(): self\n  lib.A().raw: self\n  lib.*().copy(): self\n  lib.*().beta_*: self\n"
        "  lib.A()(): self\n"
    )
    assert known.called("lib.A().with_options") == "lib.A()"
    assert known.member("lib.A()", "raw") == "lib.A()"
    assert known.called("lib.B().copy") == "lib.B()"
    assert known.member("lib.B()", "beta_chat") == "lib.B()"
    assert known.called("lib.A()") == "lib.A()"


def test_a_pattern_says_what_an_attribute_or_element_gives() -> None:
    known = catalog("gives:\n  lib.*.frames: lib.Frame()\n  lib.load_*()[]: lib.Array()\n")
    assert known.member("lib.data", "frames") == "lib.Frame()"
    assert known.canonical("lib.load_iris()[]") == "lib.Array()"


def test_an_exact_row_beats_a_pattern_and_the_longest_pattern_beats_shorter_ones() -> None:
    known = catalog(
        "calls:\n  - {call: lib.*, is: cache}\n  - {call: lib.load_*, is: model-load}\n"
        "  - {call: lib.load_all, is: dataset-read}\n"
    )
    assert [one.kind for one in known.meanings("calls", "lib.load_all")] == ["dataset-read"]
    assert [one.kind for one in known.meanings("calls", "lib.load_one")] == ["model-load"]
    assert [one.kind for one in known.meanings("calls", "lib.other")] == ["cache"]


BY_ARGUMENT = (
    "by_argument:\n  lib.client: $0|service_name\ngives:\n  lib.client(table).get(): lib.Table()\n"
    "calls:\n  - {call: lib.client(s3).put, is: dataset-write}\n  - {call: lib.client(?).put, is: sink}\n"
)


@pytest.mark.parametrize(
    ("word", "path"),
    [("s3", "lib.client(s3)"), ("table", "lib.client(table)"), ("?", "lib.client(?)"), ("sqs", "lib.client()")],
)
def test_a_constructor_is_told_apart_by_its_argument_only_where_the_catalog_says_something(
    word: str, path: str
) -> None:
    assert catalog(BY_ARGUMENT).made_with("lib.client", word) == path


def test_a_telling_argument_has_a_position_and_keywords() -> None:
    selector = catalog(BY_ARGUMENT).told_by("lib.client")
    assert selector is not None
    assert (selector.position, selector.keywords) == (0, ("service_name",))
    assert catalog(BY_ARGUMENT).told_by("lib.other") is None


def test_a_telling_argument_that_selects_nothing_is_refused() -> None:
    with pytest.raises(CatalogError, match="selects no argument"):
        catalog("by_argument: {lib.client: s3}\n")


def test_a_method_is_a_member_under_every_spelling_of_it() -> None:
    known = catalog(
        "same:\n  lib.Client: [lib.AsyncClient]\ncalls:\n  - {call: lib.Client, is: client}\n"
        "  - {call: lib.*Chain().run, is: model-call}\n"
    )
    assert known.is_member("AsyncClient")
    assert known.is_member("Client")
    assert known.is_member("run")
    assert not known.is_member("walk")


def test_a_row_for_any_name_of_a_module_makes_no_method_a_member() -> None:
    assert not catalog("calls:\n  - {call: lib.llms.*, is: client}\n").is_member("frobnicate")


@pytest.mark.parametrize(
    "text",
    ["calls:\n  - {call: lib.a, is: unheard-of}\n", "calls:\n  - {call: lib.a, is: cache, hue: red}\n", "shapes: []\n"],
)
def test_an_unknown_key_or_meaning_is_an_error_that_names_the_file(text: str) -> None:
    with pytest.raises(CatalogError, match=r"test\.yaml"):
        catalog(text)
