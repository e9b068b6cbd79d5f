"""Parts of the core that Asterisk lists as modules and has inside of its program; no file is loaded for them."""

from __future__ import annotations

from asterism.names import bare
from asterism.values import dataclass
from runtime.core.core import Core, Reload


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A part of the core under the name that Asterisk gives it; as ``module show`` lists it, it is a module row."""

    file: str
    """Its name in the list of modules."""
    description: str
    reloads: bool = True
    """Whether Asterisk's can be reloaded."""
    use_count: int = 1
    running: bool = True
    support_level: str = "core"

    @property
    def name(self) -> str:
        """Its name without suffix."""
        return bare(self.file)


_PARTS = (
    BuiltIn("acl", "Named ACL system"),
    BuiltIn("ccss", "Call Completion Supplementary Services", reloads=False),
    BuiltIn("cdr", "CDR Engine"),
    BuiltIn("cel", "CEL Engine"),
    BuiltIn("dnsmgr", "DNS Manager"),
    BuiltIn("dsp", "DSP"),
    BuiltIn("enum", "ENUM Support"),
    BuiltIn("extconfig", "Configuration"),
    BuiltIn("features", "Call Features"),
    BuiltIn("http", "Built-in HTTP Server"),
    BuiltIn("indications", "Indication Tone Handling"),
    BuiltIn("logger", "Logger"),
    BuiltIn("manager", "Asterisk Manager Interface"),
    BuiltIn("pbx_config.so", "Text Extension Configuration", use_count=0),
    BuiltIn("plc", "PLC"),
    BuiltIn("sounds", "Sounds Index", reloads=False),
    BuiltIn("udptl", "UDPTL"),
)
BUILT_IN = {part.name: part for part in _PARTS}
"""All of them by name.

Those that this program has are in ``core.parts``; the others are about calls, media and what is recorded of them.
"""
HERE = frozenset({"logger", "manager"})
"""Those of this program that are always there, so that modules may require them."""
OPTIONAL = frozenset({"pbx_config"})
"""Those that are a file of their own in Asterisk, which ``noload`` can keep out."""


def running_parts(core: Core) -> frozenset[str]:
    """Parts that a module need not wait for: those of this program, and with stand-ins all of Asterisk's."""
    return HERE | (BUILT_IN.keys() - OPTIONAL if core.settings.options.standins else frozenset())


def reload_absent(part: BuiltIn) -> Reload:
    """What a reload of a part that is not here comes to: there is nothing to read, as without a file of its own."""
    return Reload.SUCCESS if part.reloads else Reload.NOT_IMPLEMENTED
