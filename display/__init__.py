"""What the hall sees and hears: the board (a face) and the voice (a device)."""
