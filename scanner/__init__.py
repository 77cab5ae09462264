"""Barcodes from serial scanners, keyboards and lenses (HARDWARE "Codes")."""
