"""The transforms that rules name."""

from __future__ import annotations

from collections.abc import Mapping

from buildsys.porting.transforms.bridge_peers import bridge_peers
from buildsys.porting.transforms.broken_down_times import broken_down_times
from buildsys.porting.transforms.callback_types import callbacks
from buildsys.porting.transforms.channel_members import accessors
from buildsys.porting.transforms.cli_handlers import cli_handlers
from buildsys.porting.transforms.config_status import config_status
from buildsys.porting.transforms.file_versions import file_versions
from buildsys.porting.transforms.format_objects import format_objects
from buildsys.porting.transforms.frame_members import frame_data, frame_subclasses
from buildsys.porting.transforms.free_pointers import free_pointers
from buildsys.porting.transforms.module_fields import module_fields
from buildsys.porting.transforms.self_symbols import self_symbols
from buildsys.porting.view import Transform

TRANSFORMS: Mapping[str, Transform] = {
    each.__name__: each
    for each in (
        *(accessors, bridge_peers, broken_down_times, callbacks, cli_handlers, config_status, file_versions),
        *(format_objects, frame_data, frame_subclasses, free_pointers, module_fields, self_symbols),
    )
}
