"""What the cutter's process does: pieces joined into clips, pictures out of them, footage fetched from recorders.

``media`` alone knows PyAV; the rest handles its packets as they are.
"""
