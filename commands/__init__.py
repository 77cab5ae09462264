"""Commands on the office's file alone: they need no device and work beside a running server."""
