"""The citizens' face: take a number at the kiosk, follow it on a phone."""
