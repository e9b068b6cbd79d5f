"""The parts of the core that Asterisk lists as modules although they are built into its program; they have no file."""

from __future__ import annotations

from asterism.names import bare
from asterism.values import dataclass
from runtime.core.core import Core, Reload


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A part of the core under its name in Asterisk, with the fields of a row of ``module show``."""

    file: str
    """The part's name in the list of modules."""
    description: str
    reloads: bool = True
    """Whether the part can be reloaded in Asterisk."""
    use_count: int = 1
    running: bool = True
    support_level: str = "core"

    @property
    def name(self) -> str:
        """The part's name without suffix."""
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
"""All parts by name.

The parts that this program implements are in ``core.parts``; the others concern calls, media, and records of calls.
"""
HERE = frozenset({"cdr", "cel", "extconfig", "features", "logger", "manager"})
"""Names of the parts that this program always has, so that modules may require them."""
OPTIONAL = frozenset({"pbx_config"})
"""Names of the parts that are modules with a file in Asterisk, so that ``noload`` can leave them out."""


def running_parts(core: Core) -> frozenset[str]:
    """Names of the parts that count as running modules: this program's and, with stand-ins, Asterisk's own too."""
    return HERE | (BUILT_IN.keys() - OPTIONAL if core.settings.options.standins else frozenset())


def reload_absent(part: BuiltIn) -> Reload:
    """The result of reloading a part that this program lacks: that of Asterisk without the part's configuration."""
    return Reload.SUCCESS if part.reloads else Reload.NOT_IMPLEMENTED
