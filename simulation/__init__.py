"""What the simulators of all devices share: how one ends, its program, its web server, its panel with dials.

It knows no device and nothing of the office.
"""
