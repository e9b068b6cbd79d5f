"""The manager's interface to the rest of the program; it imports as little as possible while the manager is off."""

from __future__ import annotations

# runtime.manager is imported where it is used: it takes 40 ms, and a start without a manager does not need it.
import contextlib
import os
import threading

from asterism.errors import AsterismError
from asterism.values import TYPE_CHECKING
from runtime.conf import conf_file, conf_values
from runtime.core.events import Style

if TYPE_CHECKING:
    from runtime.core.actions import Action
    from runtime.core.core import Core
    from runtime.manager.manager_conf import ManagerSettings
    from runtime.manager.server import ManagerServer

FILE = "manager.conf"


class Service:
    """Starts the server when manager.conf enables it, and applies changes.

    A new service registers itself as the manager of its core.
    """

    def __init__(self, core: Core) -> None:
        self.core = core
        self.server: ManagerServer | None = None
        self.is_debugging = False
        self._busy = threading.RLock()
        core.manager = self
        core.parts["manager"] = self.reload
        core.actions.provide(_actions_of_the_core)

    @property
    def path(self) -> str:
        """The path of manager.conf."""
        return os.path.join(self.core.settings.directories.astetcdir, FILE)

    @property
    def is_running(self) -> bool:
        """Whether the manager listens (``ast_manager_check_enabled``)."""
        return self.server is not None

    def start(self) -> None:
        """Listen if manager.conf enables the manager; faults are logged and do not stop a start."""
        with self._busy:
            if self._may_be_on():
                self._heed()

    def _may_be_on(self) -> bool:
        """Whether manager.conf may enable the manager, so that it has to be read completely."""
        if not os.path.lexists(self.path):
            return False
        try:
            general = conf_file.load(self.path, exec_=self.core.settings.options.execincludes).section("general")
        except AsterismError:
            return True  # the complete reading reports the fault
        return general is not None and conf_values.is_true(general.get("enabled"))

    def reload(self) -> bool:
        """Read manager.conf again.  Returns whether it could be applied; faults are logged."""
        with self._busy:
            if self.server is None and not self._may_be_on():
                return True
            return self._heed()

    def settings(self) -> ManagerSettings:
        """The settings of manager.conf.  Raises AsterismError."""
        from runtime.manager import manager_conf

        if self.server is not None:
            return self.server.settings
        if not os.path.lexists(self.path):
            return manager_conf.ManagerSettings()
        return manager_conf.load(os.path.dirname(self.path), exec_=self.core.settings.options.execincludes)

    def _heed(self) -> bool:
        from runtime.manager import manager_conf

        try:
            settings = manager_conf.load(os.path.dirname(self.path), exec_=self.core.settings.options.execincludes)
            self.core.doubt(settings.warnings)
            self._apply(settings)
        except AsterismError as error:
            self.core.doubt(error.faults)
            return False
        return True

    def _apply(self, settings: ManagerSettings) -> None:
        from runtime.manager.server import ManagerServer

        self.is_debugging = settings.debug
        self._style(settings)
        if not settings.enabled:
            self.stop()
        elif self.server is not None:
            self.server.apply(settings)
        else:
            server = ManagerServer(self.core, settings)
            server.start()
            self.server = server

    def _style(self, settings: ManagerSettings) -> None:
        name = self.core.settings.options.systemname
        self.core.events.style = Style(
            settings.timestampevents, self.is_debugging, name, settings.disabledevents, settings.channelvars
        )

    def set_debug(self, on: bool) -> None:
        """Turn sequence numbers and places in events on or off, until manager.conf is read again."""
        self.is_debugging = on
        with self._busy, contextlib.suppress(AsterismError):
            self._style(self.settings())

    def stop(self) -> None:
        """Stop listening, and disconnect the clients."""
        with self._busy:
            server, self.server = self.server, None
            if server is not None:
                server.close()


def _actions_of_the_core() -> tuple[Action, ...]:
    from runtime.manager.actions.all_actions import (
        ACTIONS,  # imports the whole manager, which a start without one should not pay
    )

    return ACTIONS
