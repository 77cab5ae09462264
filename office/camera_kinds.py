"""The kinds of event about cameras and footage, as office/kinds.py takes them in: name → (meaning, fields)."""

from typing import Final

REASONS: Final = ("complaint", "incident", "inspection", "rating", "dossier", "request", "quality", "test")
"""For what footage may be watched, exported or held; words of one's own are kept beside the journal (footage_notes)."""

_RANGE: Final = {"cameras": "names of the cameras", "begins": "first moment, ms UTC", "ends": "last moment, ms UTC"}
_WHY: Final = {"reason": "one of office/camera_kinds.py REASONS, or system"}

FIELDS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "camera.lost": (
        "a camera gives no footage any more; again when the reason becomes another",
        {
            "camera": "its name",
            "reason": "unreachable, refused, no_stream, codec, stalled, ended, disk or unknown",
            "since": "end of the last whole piece, ms UTC, or 0",
        },
    ),
    "camera.recovered": ("it gives footage again", {"camera": "its name", "after_s": "seconds it was out"}),
    "camera.clock_read": (
        "a source told its clock for the first time, or another than it told last",
        {"camera": "its name", "offset_ms": "source's clock less the office's"},
    ),
    "camera.troubled": (
        "a camera's picture is of no use",
        {
            "camera": "its name",
            "trouble": "covered, black, frozen, blurred or moved",
            "before": "moment of the picture compared with, ms UTC, or 0",
            "now": "moment of the picture, ms UTC",
            "figures": "what was measured, with its limits",
        },
    ),
    "camera.cleared": ("the picture is of use again", {"camera": "its name", "trouble": "as above"}),
    "camera.view_accepted": (
        "somebody says that what the camera shows is right so: it is learned anew",
        {"camera": "its name", "trouble": "moved or blurred", "alarm": "seq of the camera.troubled it ends"},
    ),
    "disk.filled": (
        "the disk is nearly full: the alarm before the purge",
        {"share": "how full", "free_mb": "what is left"},
    ),
    "clock.leapt": (
        "the office's clock leapt far ahead: for a day no footage goes by age",
        {"ahead_s": "by how many seconds"},
    ),
    "disk.eased": ("there is room again", {"share": "how full", "free_mb": "what is left"}),
    "footage.viewed": (
        "somebody watched footage",
        {**_RANGE, **_WHY, "view": "its id", "noted": "whether words of their own are kept beside the journal"},
    ),
    "footage.exported": (
        "footage was handed out as evidence",
        {
            **_RANGE,
            **_WHY,
            "export": "its id",
            "sha256": "of the ZIP",
            "bytes": "its size",
            "masked": "whether privacy masks were drawn",
            "masked_cameras": "on which cameras; the others have none",
            "noted": "whether words of their own are kept beside the journal",
        },
    ),
    "footage.held": (
        "footage is kept beyond its days",
        {
            **_RANGE,
            **_WHY,
            "hold": "its id",
            "owner": "whose matter it is: actor",
            "until": "first local day it is not held any more, YYYY-MM-DD",
            "cause": "person, rating, complaint or out_of_order",
            "cause_seq": "seq of the event that caused an automatic hold, or 0",
            "noted": "whether words of their own are kept beside the journal",
        },
    ),
    "footage.released": ("a hold was ended before its day", {"hold": "its id", **_WHY}),
    "footage.purged": (
        "pieces were deleted",
        {
            "camera": "its name",
            "begins": "first moment, ms UTC",
            "ends": "last moment, ms UTC",
            "pieces": "how many",
            "bytes": "their size",
            "cause": "age, disk, missing (their files were gone) or leftover (old files that were in no index)",
        },
    ),
    "footage.export_purged": ("an export's days are over: its ZIP was deleted here", {"export": "its id"}),
    "footage.put_aside": (
        "pieces lie beside the index: the server's clock was set back, or far behind when it started",
        {
            "camera": "its name",
            "begins": "first moment of the first piece, ms UTC; others of the hour are not told",
            "ends": "its last moment, ms UTC",
            "reason": "set_back",
        },
    ),
    "rating.given": ("a citizen rated the service", {"stars": "1 (worst) to 5"}),
    "note.left": ("a citizen left a note", {"about": "complaint, praise or suggestion"}),
}
