"""A name for Python modules that were written with Asterism 1.1: ``from runtime.channel import Channel``.

New modules import it from :mod:`runtime.api.channel`.
"""

from runtime.model.emulated_channel import Channel as Channel
