"""What the simulators of all devices share: the program that runs until it is ended, a web server, a panel with dials.

It knows no device and nothing of the office.
"""
