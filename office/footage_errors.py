"""Errors of who takes footage out, as office/errors.py has all others."""

from office.errors import BadRequest, OfficeError


class NoMasks(OfficeError):
    """Privacy masks are asked for, and none of the cameras has any."""

    key = "error.no_masks"
    status = 422


class PersonalNote(BadRequest):
    """A telephone or identity number in the own words beside footage."""

    key = "error.personal_note"
    status = 422
