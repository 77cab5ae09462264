"""Plays one WAV file on Windows and ends: ``python -m display.voice.windows_player FILE``."""

import sys

if sys.platform == "win32":
    import winsound

    if __name__ == "__main__":
        winsound.PlaySound(sys.argv[1], winsound.SND_FILENAME | winsound.SND_NODEFAULT)
elif __name__ == "__main__":
    raise SystemExit("this player is for Windows; elsewhere paplay or aplay plays")
