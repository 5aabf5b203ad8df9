"""What Lightning keeps of a constructor's arguments: `self.hparams.data_dir` after `self.save_hyperparameters()`.

Source: Lightning documentation, "Configure hyperparameters from the CLI", on `save_hyperparameters`.
"""

from __future__ import annotations

from mltradeoff_lint.model.facts import PythonFacts
from mltradeoff_lint.resolve.domain import CallRef, Frame, FunctionRef, Instance, Mapping, Values, known_texts
from mltradeoff_lint.resolve.interface import Resolver
from mltradeoff_lint.resolve.objects.construction import Construction

_BASES = ("lightning.", "pytorch_lightning.", "lightning_fabric.")
_SAVING = "save_hyperparameters"


def saved(resolver: Resolver, construction: Construction, value: Instance) -> Values:
    """The arguments by their names; empty when the class saves none, or is no class of Lightning."""
    constructor = construction.constructor(value.ref)
    if constructor is None or not any(base.startswith(_BASES) for base in resolver.library_bases(value.ref)):
        return ()
    call = _saving_call(resolver.facts(constructor.path), constructor)
    if call is None:
        return ()
    names = [resolver.values(call.path, expr) for expr in resolver.call(call).arguments]
    chosen = {text for values in names for text in known_texts(values)}
    scope = resolver.scope(constructor)
    frame: Frame | None = construction.frame(value, constructor)
    entries = tuple(
        (parameter.name, resolver.parameter(constructor, position, frame))
        for position, parameter in enumerate(scope.parameters)
        if position and parameter.kind not in ("*", "**") and (not chosen or parameter.name in chosen)
    )
    return (Mapping(entries, is_open=any(parameter.kind == "**" for parameter in scope.parameters)),)


def _saving_call(facts: PythonFacts, constructor: FunctionRef) -> CallRef | None:
    for number, call in enumerate(facts.calls):
        function = facts.exprs[call.function]
        if call.scope == constructor.scope and function[0] == "attr" and function[2] == _SAVING:
            return CallRef(constructor.path, number)
    return None
