"""The menu: a Textual program over menuselect's own selection."""
