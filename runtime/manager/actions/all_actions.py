"""The core's actions, for the registry."""

from __future__ import annotations

from runtime.manager.actions import (
    call_actions,
    channel_actions,
    config_actions,
    core_actions,
    database_actions,
    dialplan_actions,
    login,
    originate_action,
    session_actions,
)

ACTIONS = (
    *login.ACTIONS,
    *session_actions.ACTIONS,
    *core_actions.ACTIONS,
    *database_actions.ACTIONS,
    *config_actions.ACTIONS,
    *channel_actions.ACTIONS,
    *originate_action.ACTIONS,
    *call_actions.ACTIONS,
    *dialplan_actions.ACTIONS,
)
"""All actions of the core, unordered: the registry sorts them."""
