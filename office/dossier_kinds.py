"""The kinds of events of a dossier with their fields, for office/kinds.py. None is for screens.

No field holds anything about a person: reasons and notes in a clerk's own words are in a table beside the journal
(office/dossier_tables.py).
"""

from typing import Final

_STATE: Final = {
    "set": "columns of the register's row that changed, with their new values",
    "left": "columns (and papers) the office has changed, with the values they had: a row that tells one is old",
}
_MOVE: Final = _STATE | {
    "from_unit": "unit that had it",
    "to_unit": "unit that has it now",
    "from_status": "national status before, 1 to 10",
    "status": "national status now, 1 to 10",
    "result": "early, on_time or late: how the giving unit kept its time; empty when that is not known",
}
FIELDS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "dossier.received": (
        "a dossier was registered; with a ticket: handed in by its holder",
        {
            "code": "the code as given",
            "shape": "qcvn102, short, qd20, or other (confirmed by a clerk)",
            "procedure": "procedure code, or empty",
            "procedure_name": "its name that day",
            "service": "service id, or empty",
            "status": "national status, 1 to 10",
            "local_status": "empty here",
            "unit": "unit that has it",
            "intake": "counter, online or post",
            "give_back": "counter, post or online",
            "tracking": "empty here",
            "sets": "number of sets",
            "fee": "đồng, or null",
            "fee_note": "note on the fee",
            "received_at": "ms UTC",
            "due_at": "ms UTC, or null",
            "term_amount": "the term's figure, or null",
            "term_unit": "gio, ngay, ngay_lam_viec or empty",
            "finished_at": "null here",
            "returned_at": "null here",
            "paused_at": "null here",
            "due_left": "null here",
            "rescheduled": "0 here",
            "supplements": "0 here",
            "source": "counter, or who pushed it",
            "papers": "list of [name, original/certified/copy, how many]",
        },
    ),
    "dossier.imported": (
        "dossiers came from another system, or were changed by it; at most 500 an event",
        {
            "source": "name of the file's kind or of the key",
            "columns": "the register's columns in the order of rows",
            "rows": "the new rows whole, without anything about persons; not shown in streams",
            "added": "how many are new",
            "changed": "how many were known",
            "left": "dossiers of which less of the office's own changes is to be remembered, with what is left of it",
        },
    ),
    "dossier.moved": (
        "another unit or another status",
        _MOVE
        | {
            "deed": "handed_over, status, refused or stopped",
            "step_due_at": "when the receiving unit must be done, ms UTC, or null",
        },
    ),
    "dossier.supplement_asked": (
        "papers are missing: the clock stands, a slip may be printed",
        _MOVE
        | {
            "missing": "names of the papers",
            "reentry": "code with which its holder comes back near the front, once",
            "day": "local day it holds, YYYY-MM-DD",
        },
    ),
    "dossier.supplemented": (
        "the missing papers were brought: the clock begins anew",
        _MOVE | {"papers": "list of [name, original/certified/copy, how many]"},
    ),
    "dossier.corrected": (
        "a clerk corrected what describes a dossier, or another system told its papers",
        _STATE
        | {
            "papers": "all papers handed in as [name, original/certified/copy, how many], or null when they stay",
            "applicant": "whether the applicant was entered or corrected; of whom nothing is here",
        },
    ),
    "dossier.rescheduled": (
        "an apology and another day, once; rescheduled in set is 2 when the day before had passed, else 1",
        _STATE | {"from_due_at": "the day before, ms UTC", "due_at": "the new one, ms UTC"},
    ),
    "dossier.returned": (
        "the result was handed over or sent",
        _MOVE | {"how": "counter, post or online", "kept": "early, on_time or late: processing as a whole"},
    ),
    "dossier.visited": (
        "a ticket serves a dossier",
        {"purpose": "hand_in, supplement, collect or ask"},
    ),
    "dossier.reentered": (
        "a number was given on a re-entry code",
        {"reentry": "the code, used up now"},
    ),
    "dossier.slip_printed": (
        "the slip of missing papers is on paper",
        {"confirmed": "whether the printer itself said so", "job": "seq of the event that asked for it"},
    ),
    "dossier.erased": (
        "what was kept about persons was erased; the register's row stays",
        {"rows": "rows erased"},
    ),
}
"""Kind → meaning and data fields."""
