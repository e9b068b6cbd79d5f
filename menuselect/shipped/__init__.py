"""The presets that come with the program; ``asterism preset`` lists them."""
