"""One tree of errors. Each carries the phrase key its reader is shown and the HTTP status a face answers with."""

from typing import ClassVar


class OfficeError(Exception):
    """Base of all errors the office raises on purpose.

    ``key`` names the sentence in config/phrases (section ``error``) shown to the reader; ``params`` fill its
    placeholders; ``status`` is the HTTP status a face answers with. ``str()`` is English, for logs.
    """

    key: ClassVar[str] = "error.unexpected"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **params: object) -> None:
        super().__init__(detail or type(self).__name__)
        self.params = params


class ConfigurationError(OfficeError):
    """A file in config/ is wrong; the text names file, key and allowed values. Raised before anything starts."""

    key = "error.configuration"


class BadRequest(OfficeError):
    """The caller sent something that cannot be read: malformed JSON, wrong type, a field too long."""

    key = "error.bad_request"
    status = 400


class NotSignedIn(OfficeError):
    """Nobody the office knows is asking."""

    key = "error.not_signed_in"
    status = 401


class WrongPassword(NotSignedIn):
    """Name or password do not match; which of the two is never said."""

    key = "error.wrong_password"


class Forbidden(OfficeError):
    """Known, but this role, screen or key may not do this."""

    key = "error.forbidden"
    status = 403


class BadCsrf(Forbidden):
    """A signed-in browser sent an act without its page's token."""

    key = "error.csrf"


class NotFound(OfficeError):
    """No such page, ticket, counter or procedure."""

    key = "error.not_found"
    status = 404


class UnknownTicket(NotFound):
    """No ticket of that id, number or token."""

    key = "error.unknown_ticket"


class UnknownCounter(NotFound):
    """No counter of that number in config/counters.toml."""

    key = "error.unknown_counter"


class UnknownName(NotFound):
    """No person, key or screen of that name."""

    key = "error.unknown_name"


class UnknownService(BadRequest):
    """No service of that id in config/services.toml."""

    key = "error.unknown_service"


class UnknownProcedure(NotFound):
    """No procedure of that code in the catalogue."""

    key = "error.unknown_procedure"


class UnknownDossier(NotFound):
    """No dossier of that code in the register."""

    key = "error.unknown_dossier"


class BadCode(BadRequest):
    """No dossier code; ``params['confirmable']`` tells whether it is taken once a clerk has confirmed it."""

    key = "error.bad_code"


class BadDossier(BadRequest):
    """A field of a dossier does not fit: ``params['field']`` names it, ``params['reason']`` why (phrases
    ``import.reason.<reason>``)."""

    key = "error.bad_dossier"


class PersonalNumber(BadDossier):
    """A telephone or identity number in a field that the journal keeps."""

    key = "error.personal_number"


class WrongDay(BadDossier):
    """Received in the future, due before it was received, or put off to a day that is not later."""

    key = "error.wrong_day"


class NeedsAct(Forbidden):
    """A person may not simply correct this field (``params['field']``): ``params['act']`` names the act that changes it
    with its reason, empty for what the receipt says."""

    key = "error.needs_act"


class FieldMissing(BadDossier):
    """A field that is needed is empty."""

    key = "error.field_missing"


class UnknownArrival(NotFound):
    """What a reader read was fetched before, is older than half a minute, or is for another screen."""

    key = "error.unknown_arrival"


class UnreadablePicture(OfficeError):
    """An uploaded picture that is no JPEG or PNG, or has too many pixels."""

    key = "error.unreadable_picture"
    status = 422


class NoReading(OfficeError):
    """Pictures cannot be read now; codes can still be typed."""

    key = "error.no_reading"
    status = 503


class ReadingBusy(NoReading):
    """Other pictures wait to be read before this one; ask again in a moment."""

    key = "error.reading_busy"


class UnknownPriority(BadRequest):
    """No priority class of that id in config/office.toml."""

    key = "error.unknown_priority"


class NotAllowed(OfficeError):
    """The ticket's or counter's state does not allow this act; nothing was changed."""

    key = "error.not_allowed"
    status = 409


class CounterBusy(NotAllowed):
    """The counter still has a ticket: finish it, mark it absent, hold it or pass it on first."""

    key = "error.counter_busy"


class CounterNotOpen(NotAllowed):
    """The counter is paused or closed."""

    key = "error.counter_not_open"


class CounterIdle(NotAllowed):
    """The counter has no ticket to do this with."""

    key = "error.counter_idle"


class TooManyRecalls(NotAllowed):
    """The ticket was recalled as often as the office allows."""

    key = "error.too_many_recalls"


class TooSoon(NotAllowed):
    """The last call is only seconds ago."""

    key = "error.too_soon"


class TooLate(NotAllowed):
    """The time in which this could be done is over: a number of another day is not put back in line."""

    key = "error.too_late"


class UndoTooLate(TooLate):
    """The seconds in which a finish can be undone are over."""

    key = "error.undo_too_late"


class ServiceClosed(NotAllowed):
    """Outside this service's opening hours."""

    key = "error.service_closed"


class NoCounter(NotAllowed):
    """The service has no open counter and the office issues no numbers for such services."""

    key = "error.no_counter"


class DossierKnown(NotAllowed):
    """The register has a dossier of that code already."""

    key = "error.dossier_known"


class DossierStatus(NotAllowed):
    """The dossier's status does not allow this act; nothing was changed."""

    key = "error.dossier_status"


class SupplementOnce(NotAllowed):
    """Papers may be asked for once only (DOMAIN 2.3)."""

    key = "error.supplement_once"


class RescheduleOnce(NotAllowed):
    """A due day may be put off once only (DOMAIN 2.3)."""

    key = "error.reschedule_once"


class ReentrySpent(NotAllowed):
    """A re-entry code that was used, or is of another day."""

    key = "error.reentry_spent"


class ViewFirst(Forbidden):
    """Footage is watched only after a reason was given, by whom gave it, and for a while (office/watching.py)."""

    key = "error.view_first"


class UnknownCamera(NotFound):
    """No camera has that name."""

    key = "error.unknown_camera"


class HoldEnded(NotAllowed):
    """The hold has ended already: nothing is left to release."""

    key = "error.hold_ended"


class UnknownHold(NotFound):
    """No hold has that id."""

    key = "error.unknown_hold"


class NoFootage(NotFound):
    """Nothing was recorded then, or it is gone; ``nearest`` tells what there is nearby."""

    key = "error.no_footage"


class FootageTooLong(BadRequest):
    """More footage at once than is cut or handed out in one go: at most ``minutes``."""

    key = "error.footage_too_long"


class ExportsFull(OfficeError):
    """The exports that are kept take all the room they may: ``gb``."""

    key = "error.exports_full"
    status = 409


class CutFailed(OfficeError):
    """Footage is there, and no clip could be made of it now."""

    key = "error.cut_failed"
    status = 503


class FootageBusy(CutFailed):
    """Other clips are cut before this one; ask again in a moment."""

    key = "error.footage_busy"


class RecorderUnreachable(CutFailed):
    """The recorder (NVR) that keeps this footage does not answer."""

    key = "error.recorder_unreachable"


class RecorderRefuses(CutFailed):
    """The recorder refuses name or password."""

    key = "error.recorder_refuses"


class RecorderCodec(CutFailed):
    """The recorder keeps this footage in a form that browsers do not play."""

    key = "error.recorder_codec"


class LastSupervisor(NotAllowed):
    """Without this supervisor nobody could set up the office from a page any more."""

    key = "error.last_supervisor"


class LeadersOnly(OfficeError):
    """Only the supervisors' supervisor may do or see this."""

    key = "error.leaders_only"
    status = 403


class Oneself(NotAllowed):
    """Nobody removes themselves: that would end the very session that asks."""

    key = "error.oneself"


class OtherKind(NotAllowed):
    """The screen is paired as another kind; its pairing would not end by itself."""

    key = "error.other_kind"


class KeyReused(OfficeError):
    """The same Idempotency-Key came with another body."""

    key = "error.key_reused"
    status = 422


class Invalid(OfficeError):
    """A body that can be read but does not fit; ``params['errors']`` lists field and reason."""

    key = "error.invalid"
    status = 422


class TooManyTries(OfficeError):
    """Too many sign-ins, pairings or numbers in a short time."""

    key = "error.too_many_tries"
    status = 429


class Stopping(OfficeError):
    """The office is shutting down; ask again in a moment."""

    key = "error.stopping"
    status = 503


class Damaged(OfficeError):
    """The journal's chain is broken, or a backup is not one."""

    key = "error.damaged"
