"""Fields that one construction gives belong together, also where they reach a text by a second object."""

from __future__ import annotations

from tests.resolve.sample import probe

TABLE = """class Table:
    def __init__(self, name):
        self.name = name
"""
MADE = "Job('a', '1').run()\nJob('b', '2').run()\n"
AGREED = ["'a/1'", "'b/2'"]


def test_a_field_of_an_object_that_a_construction_makes_goes_with_the_other_fields() -> None:
    source = f"""{TABLE}
class Job:
    def __init__(self, table, metric):
        self.table = Table(table)
        self.metric = metric
    def run(self):
        probe(f"{{self.table.name}}/{{self.metric}}")
{MADE}"""

    assert probe(source) == AGREED


def test_a_field_of_an_object_goes_with_what_its_maker_passes_to_it() -> None:
    source = f"""{TABLE}
class Plotter:
    def __init__(self, table):
        self.table = table
    def plot(self, metric):
        probe(f"{{self.table.name}}/{{metric}}")
class Job:
    def __init__(self, table, metric):
        self.table = Table(table)
        self.metric = metric
        self.plotter = Plotter(self.table)
    def run(self):
        self.plotter.plot(self.metric)
{MADE}"""

    assert probe(source) == AGREED


def test_a_field_goes_with_an_element_of_what_the_maker_passes_over_two_methods() -> None:
    source = f"""{TABLE}
class Plotter:
    def __init__(self, table):
        self.table = table
    def plot_all(self, metrics):
        for metric in metrics:
            self.plot(metric=metric["name"])
    def plot(self, metric):
        probe("{{t}}/{{m}}".format(t=self.table.name, m=metric))
class Job:
    def __init__(self, table, metrics):
        self.table = Table(table)
        self.metrics = metrics
        self.plotter = Plotter(self.table)
    def run(self):
        self.plotter.plot_all(metrics=self.metrics)
Job('a', [{{'name': '1'}}]).run()
Job('b', [{{'name': '2'}}]).run()
"""

    assert probe(source) == AGREED


FALLBACK = f"""{TABLE}
class Job:
    def __init__(self, metric, table=None):
        table = table or 'd'
        self.metric = metric
        self.table = Table(name=table)
    def run(self):
        probe(f"{{self.table.name}}/{{self.metric}}")
"""


def test_what_stands_for_nothing_belongs_to_the_construction_that_passes_nothing() -> None:
    source = f"{FALLBACK}Job('1', table='a').run()\nJob('2').run()\n"

    assert probe(source) == ["'a/1'", "'d/2'"]


def test_a_construction_that_may_pass_nothing_may_get_what_stands_for_it() -> None:
    source = f"{FALLBACK}name = 'b' if load() else None\nJob('1', table='a').run()\nJob('2', table=name).run()\n"

    assert probe(source) == ["'a/1'", "'b/2'", "'d/2'"]


def test_what_the_caller_passes_on_may_be_nothing() -> None:
    made = (
        "def make(metric, name=None):\n    Job(metric, table=name).run()\nmake('1', 'a')\nmake('2', 'b')\nmake('3')\n"
    )

    assert probe(FALLBACK + made) == ["'a/1'", "'b/2'", "'d/3'"]


def test_an_object_that_a_field_is_set_to_later_goes_with_every_construction() -> None:
    source = f"""{TABLE}
class Job:
    def __init__(self, table, metric):
        self.table = Table(table)
        self.metric = metric
    def change(self):
        self.table = Table('c')
    def run(self):
        probe(f"{{self.table.name}}/{{self.metric}}")
{MADE}"""

    assert probe(source) == ["'a/1'", "'b/2'", "'c/1'", "'c/2'"]


def test_an_object_that_a_configuration_fills_too_is_not_told_apart() -> None:
    job = f"""{TABLE}
class Job:
    def __init__(self, table, metric):
        self.table = Table(table)
        self.metric = metric
    def run(self):
        probe(f"{{self.table.name}}/{{self.metric}}")
{MADE}"""
    main = (
        "import hydra\nfrom hydra.utils import instantiate\n@hydra.main(config_path='conf', config_name='c')\n"
        "def main(cfg):\n    instantiate(cfg.job).run()\n"
    )
    conf = "job:\n  _target_: jobs.Job\n  table: c\n  metric: '1'\n"

    assert {"'a/1'", "'b/2'", "'c/1'"} <= set(probe({"app.py": main, "jobs.py": job, "conf/c.yaml": conf}, "jobs.py"))
