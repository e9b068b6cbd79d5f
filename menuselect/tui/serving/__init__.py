"""The menu for other programs: requests and answers as JSON, a line each (docs/editors.md)."""
