"""Forms on paper for whoever asks: by kind and dossier code, as bytes of a PDF or of a spreadsheet."""

from forms import load_driver
from forms.drawing import draw
from office.form_parts import Form
from office.form_text import Words


def drawn(form: Form, words: Words) -> bytes:
    """``form`` as a PDF."""
    document = load_driver("pdf")(form.title, form.head.office)
    draw(form, document, lambda page, of: words.say("form.page", n=page, of=of))
    return bytes(document.done())
