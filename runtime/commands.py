"""Names for Python modules that were written with Asterism 1.1: ``from runtime.commands import Call``.

New modules import them from :mod:`runtime.api.cli`.
"""

from runtime.api.cli import Call as Call
from runtime.core.commands.command import SHOWUSAGE as SHOWUSAGE
from runtime.core.commands.command import Completing as Completing
from runtime.core.commands.command import Outcome as Outcome
from runtime.core.commands.command import failure as failure
