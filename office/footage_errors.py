"""Errors of who takes footage out, as office/errors.py has all others."""

from office.errors import BadRequest, NotAllowed, OfficeError


class NoMasks(OfficeError):
    """Privacy masks are asked for, and none of the cameras has any."""

    key = "error.no_masks"
    status = 422


class AlarmOver(NotAllowed):
    """The alarm has ended already, or is of a kind that no view is accepted for."""

    key = "error.alarm_over"


class PersonalNote(BadRequest):
    """A telephone or identity number in the own words beside footage."""

    key = "error.personal_note"
    status = 422
