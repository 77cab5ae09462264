"""The papers that the office writes to a citizen: refusal, apology with a new date, notice that work has stopped.

Each function answers the parts below the form's title, in the order of the official form (DOMAIN 2.4).
"""

from office.form_matter import Letterhead, Matter
from office.form_parts import Lines, Part, Prose, Signature, Signatures
from office.form_slips import one, whose
from office.form_text import Words, clean, day

DOTS = "……………………"
"""What stands in a sentence for what nobody has said yet."""


def refusal(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Phiếu từ chối tiếp nhận giải quyết hồ sơ."""
    say, hint = words.say, words.say("form.sign.hint")
    return (
        *whose(matter.person, say("form.received_from"), words),
        one(say("form.content"), matter.procedure),
        Prose(say("form.refusal.says", office=clean(letterhead.office))),
        Lines(say("form.reason"), clean(matter.reason), blank=4),
        Prose(say("form.refusal.ends")),
        Signatures((Signature(say("form.sign.submitter"), hint), Signature(say("form.sign.receiver"), hint))),
    )


def apology(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Văn bản xin lỗi và đề nghị gia hạn; once a dossier, before the day it was due (DOMAIN 2.3)."""
    say, office = words.say, clean(letterhead.office)
    put_off = matter.old_due_at is not None
    old = matter.old_due_at if put_off else matter.due_at
    return (
        one(say("form.letter.to"), matter.person.name),
        one(say("form.address"), matter.person.address),
        Prose(
            say(
                "form.apology.received",
                date=day(matter.received_at, words.zone) or DOTS,
                office=office,
                procedure=clean(matter.procedure) or DOTS,
                code=clean(matter.code),
            )
        ),
        one(say("form.apology.old_due"), words.moment(old)),
        Prose(say("form.apology.late", office=office)),
        Lines(say("form.reason"), clean(matter.reason)),
        Prose(say("form.apology.sorry", office=office)),
        one(say("form.apology.new_due"), words.moment(matter.due_at) if put_off else ""),
        Prose(say("form.apology.ends")),
        _head_signs(words),
    )


def stopped(matter: Matter, letterhead: Letterhead, words: Words) -> tuple[Part, ...]:
    """Thông báo dừng giải quyết hồ sơ."""
    say, office = words.say, clean(letterhead.office)
    return (
        one(say("form.letter.to"), matter.person.name),
        one(say("form.address"), matter.person.address),
        one(say("form.content"), matter.procedure),
        one(say("form.received_at"), words.moment(matter.received_at)),
        one(say("form.due_at"), words.moment(matter.due_at)),
        Prose(say("form.stopped.says", office=office)),
        Lines(say("form.reason"), clean(matter.reason), blank=4),
        Prose(say("form.stopped.contact", office=office, telephone=clean(letterhead.telephone) or DOTS)),
        _head_signs(words),
    )


def _head_signs(words: Words) -> Signatures:
    return Signatures((Signature(words.say("form.sign.head"), words.say("form.sign.sealed")),))
