"""From a selection to an install tree: configure, compile, install."""
