"""Network cameras and a recorder (NVR) made of software: they speak RTSP and ONVIF as the real ones do, and have dials.

camera/simulator.py makes a program of it; tests use ``server.Simulator``.
"""
