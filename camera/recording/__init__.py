"""Inside a recorder's process: sources (stream.py over RTSP, usb.py), stamps, pieces on disk. Knows no office."""
