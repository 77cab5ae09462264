"""The error type that win32print raises."""

from win32print import error

__all__ = ["error"]
