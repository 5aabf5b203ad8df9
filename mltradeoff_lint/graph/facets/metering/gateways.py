"""Addresses of gateways that meter the model calls they forward."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mltradeoff_lint.catalog.tables import Gateway, address_of
from mltradeoff_lint.graph.facets.metering.recorded import Recorded
from mltradeoff_lint.model import declared
from mltradeoff_lint.model.source import Site


class GatewayTable:
    """The bundled table with the user's declared gateways in front."""

    def __init__(self, rows: Sequence[Gateway], own: Sequence[declared.Gateway]) -> None:
        mine = [
            Gateway(
                re.compile(re.escape(one.base_url).replace(r"\*", ".*") + ".*"),
                "the declared gateway",
                one.meters,
                False,
            )
            for one in own
        ]
        self._declared = tuple(mine)
        self._rows = tuple(rows)

    def find(self, address: str) -> Gateway | None:
        """The gateway at an address; None when it is no known one, or no address at all."""
        if "://" not in address:
            return None
        host, path = address_of(address)
        for row in self._declared:
            if row.pattern.match(address):
                return row
        for row in self._rows:
            if row.pattern.match(host + path):
                return row
        return None

    def recorded(self, gateway: Gateway, site: Site) -> Recorded:
        """What a gateway records."""
        return Recorded(gateway.product, gateway.facets, f"requests go through {gateway.product}", site)
