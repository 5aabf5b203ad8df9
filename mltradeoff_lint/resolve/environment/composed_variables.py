"""Variables of a compose file with what the `.env` beside it sets: compose fills its own text from that file.

https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/ says which file it is.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from mltradeoff_lint.model.declarations import EnvBinding
from mltradeoff_lint.model.environment import interpolate_known
from mltradeoff_lint.resolve.environment.environment_files import USUAL, EnvironmentFiles

COMPOSE = "compose"
"""The platform of a variable that a compose file sets."""

_WHOLE = re.compile(r"\$\{?([A-Za-z_]\w*)[^{}$]*\}?")
"""A text that is nothing but one variable, with or without a default."""


class ComposedVariables:
    """Fills the variables of compose files."""

    def __init__(self, files: EnvironmentFiles) -> None:
        self._files = files
        self._beside: dict[str, dict[str, EnvBinding]] = {}

    def filled(self, binding: EnvBinding) -> EnvBinding:
        """A variable with its text filled; one of another platform, or that is written out, stays as it is."""
        if binding.platform != COMPOSE or not binding.text:
            return binding
        beside = self._known(posixpath.dirname(binding.site.path))
        texts = {name: one.text if one.value is None else one.value for name, one in beside.items()}
        filled = interpolate_known(binding.text, texts)
        if filled.value is None:
            return binding
        provenance = "default" if filled.defaulted else "configured"
        if filled.is_open:
            return replace(binding, value=None, provenance=provenance, text=filled.value)
        whole = None if filled.defaulted else _WHOLE.fullmatch(binding.text)
        site = beside[whole[1]].site if whole is not None and whole[1] in beside else binding.site
        return replace(binding, value=filled.value, site=site, provenance=provenance, text="")

    def _known(self, folder: str) -> dict[str, EnvBinding]:
        if folder not in self._beside:
            bindings = self._files.bindings(posixpath.join(folder, USUAL), "configured")
            self._beside[folder] = {one.name: one for one in bindings if one.value is not None or one.text}
        return self._beside[folder]
