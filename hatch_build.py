"""The wheel for one kind of machine: the compiled core in ``ASTERISM_CORE`` goes into it (``make wheels``)."""

from __future__ import annotations

import os
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CoreHook(BuildHookInterface):  # type: ignore[misc]
    """Adds a core and the tag of its machine to a wheel; without the variables the wheel is for every machine."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Say what is included: hatchling calls this before it builds."""
        core, tag = os.environ.get("ASTERISM_CORE"), os.environ.get("ASTERISM_TAG")
        if core and tag and version != "editable":
            build_data["force_include"][core] = "asterism/core"
            build_data["tag"] = tag
            build_data["pure_python"] = False
