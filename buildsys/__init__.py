"""From a selection to an install tree: configure, plan, compile, install."""
