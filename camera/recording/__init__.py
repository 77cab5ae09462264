"""Inside a recorder's process: sources (stream.py over RTSP, usb.py), stamps, pieces on disk; and what is left of them
after a kill (salvage.py), which the server looks for, too. Knows no office."""
