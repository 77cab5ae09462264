"""What the simulators of all devices share: the program that runs until it is ended, and the web panel with dials.

It knows no device and nothing of the office.
"""
