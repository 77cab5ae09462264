"""Processes of their own, for what may hang, crash or grow: a library of a device, a drawing, a recorder.

``child`` is the server's end of one, ``worker`` of one that several threads take turns at; ``inside`` is the process's
own end, ``rest`` the pauses between starts that fail.
It knows nothing of the office; devices, forms and ledger stand on it.
"""
