"""What is on and what that entails: references, the engine, selections, circles, the graph of needs.

Imports model; pure, no file is touched.
"""
