"""Objects that a configuration names: what is made, and what their constructors are passed."""

from __future__ import annotations

import pytest

from tests.resolve.sample import probe

MAIN = (
    "import hydra\nfrom hydra.utils import instantiate\n"
    "@hydra.main(config_path='conf', config_name='c')\ndef main(cfg):\n    MAKE\n"
)
NET = "class Net:\n    def __init__(self, lr=0.5, data='d', inner=None):\n        self.lr, self.data = lr, data\n"


def made(make: str, configuration: str, net: str = NET) -> list[str]:
    """What `probe` in the main program is given."""
    return probe({"app.py": MAIN.replace("MAKE", make), "nets.py": net, "conf/c.yaml": configuration})


CONF = "root: /data\nmodel:\n  _target_: nets.Net\n  lr: 0.1\n  data: ${root}/x.csv\n"


def test_a_configuration_names_the_class_and_what_is_passed() -> None:
    assert made("probe(instantiate(cfg.model))", CONF) == ["Net()"]
    assert made("probe(instantiate(cfg.model).lr)", CONF) == ["0.1"]
    assert made("probe(instantiate(cfg.model).data)", CONF) == ["'/data/x.csv'"]


def test_a_key_that_is_left_out_has_the_default() -> None:
    assert made("probe(instantiate(cfg.model).data)", CONF.replace("  data: ${root}/x.csv\n", "")) == ["'d'"]


def test_the_call_itself_passes_more_and_wins() -> None:
    assert made("probe(instantiate(cfg.model, lr=0.9).lr)", CONF) == ["0.9"]


def test_the_class_sees_what_the_configuration_passes() -> None:
    net = NET + "        probe(data)\n"
    files = {"app.py": MAIN.replace("MAKE", "instantiate(cfg.model)"), "nets.py": net, "conf/c.yaml": CONF}
    assert probe(files, "nets.py") == ["'/data/x.csv'"]


def test_calls_of_the_repository_count_beside_the_configuration() -> None:
    net = NET + "        probe(data)\n\ndef small(): return Net(data='small.csv')\n"
    files = {"app.py": MAIN.replace("MAKE", "instantiate(cfg.model)"), "nets.py": net, "conf/c.yaml": CONF}
    assert probe(files, "nets.py") == ["'/data/x.csv'", "'small.csv'"]


def test_what_stands_inside_is_made_too() -> None:
    conf = "model:\n  _target_: nets.Outer\n  net:\n    _target_: nets.Net\n    lr: 0.2\n"
    outer = NET + "class Outer:\n    def __init__(self, net):\n        self.net = net\n"
    assert made("probe(instantiate(cfg.model).net.lr)", conf, outer) == ["0.2"]


def test_a_dataclass_a_function_and_a_thing_of_a_library() -> None:
    plain = (
        "from dataclasses import dataclass\n@dataclass\nclass Net:\n    lr: float = 0.5\ndef make(name): return name\n"
    )
    assert made("probe(instantiate(cfg.model).lr)", "model: {_target_: nets.Net, lr: 0.3}\n", plain) == ["0.3"]
    assert made("probe(instantiate(cfg.model))", "model: {_target_: nets.make, name: a}\n", plain) == ["'a'"]
    library = "model: {_target_: torch.optim.Adam, lr: 0.3}\n"
    assert made("probe(instantiate(cfg.model))", library) == ["torch.optim.Adam()"]


def test_a_partial_is_the_thing_itself() -> None:
    conf = "model: {_target_: nets.Net, _partial_: true}\n"
    assert made("probe(instantiate(cfg.model))", conf) == ["class Net"]


@pytest.mark.parametrize("conf", ["model: {lr: 1}\n", "model: {_target_: nets.Missing}\n", "model: 3\n"])
def test_what_names_nothing_is_not_known(conf: str) -> None:
    (found,) = made("probe(instantiate(cfg.model))", conf)
    assert "Net" not in found


def test_a_configuration_that_makes_itself_ends() -> None:
    conf = "model:\n  _target_: nets.Net\n  inner: ${model}\n"
    assert made("probe(instantiate(cfg.model).lr)", conf) == ["0.5"]
