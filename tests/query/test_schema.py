from __future__ import annotations

import pytest
import yaml

from mltradeoff_lint.query.schema import MAX_BYTES, Item, RuleError, read_items


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x:1:1: the file is empty"),
        (b"a: \xff", "x:1:1: not UTF-8"),
        (b"a: \x00", "x:1:1: not YAML: "),
        (b"a: [", "x:2:1: not YAML: "),
        (b"a: 1\n---\nb: 2\n", "x:2:1: a second document is no part of the rule format"),
        (b"a: &b [1]\nc: *b\n", "x:1:4: an anchor is no part of the rule format"),
        (b"a: *b\n", "x:1:4: an alias is no part of the rule format"),
        (b"a: 9999999999999999999999\n", "x:1:4: the number is too large"),
        (b"#" * (MAX_BYTES + 1), "x:1:1: larger than 256 KiB"),
    ],
)
def test_hostile_files_are_errors(data: bytes, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_items("x", data)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    "text", ["a: {b: [1, 2.5, true, 'no', x y]}", '"on": "1"\nc: [-3, 0]', "k: |\n  two\n  lines\n"]
)
def test_what_is_accepted_reads_as_any_yaml_loader_reads_it(text: str) -> None:
    def plain(item: Item) -> object:
        if item.kind == "map":
            return {key.value: plain(value) for key, value in item.entries}
        return [plain(each) for each in item.items] if item.kind == "list" else item.value

    assert plain(read_items("x", text.encode())) == yaml.safe_load(text)
