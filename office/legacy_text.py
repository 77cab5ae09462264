"""Text of old Vietnamese fonts told from Unicode: TCVN3 (ABC), VNI, and letters broken on the way (DOMAIN 11.1).

Old programs keep Vietnamese as bytes that only their own fonts draw rightly: "Nguyễn" is ``NguyÔn`` in TCVN3 and
``Nguyeãn`` in VNI. Such a text is never guessed at and never kept: it is recognised by its tell-tale sequences, and
whoever sent it is told to export it as Unicode.

A word is evidence when it is no Vietnamese syllable as it stands and becomes one when it is read in the old font.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

Garbled = Literal["tcvn3", "vni", "mojibake", "lost"]
"""Which old font; ``mojibake``: UTF-8 read as something else; ``lost``: letters replaced by ``?`` or U+FFFD."""

_TCVN3: Final = str.maketrans(
    "¡¢£¤¥¦§" + "¨©ª«¬\u00ad®" + "µ¶·¸¹" + "»¼½¾Æ" + "ÇÈÉÊË" + "ÌÎÏÐÑ" + "ÒÓÔÕÖ" + "×ØÜÝÞ" + "ßáâãä" + "åæçèé"
    "êëìíî" + "ïñòóô" + "õö÷øù" + "úûüýþ",
    "ĂÂÊÔƠƯĐ" + "ăâêôơưđ" + "àảãáạ" + "ằẳẵắặ" + "ầẩẫấậ" + "èẻẽéẹ" + "ềểễếệ" + "ìỉĩíị" + "òỏõóọ" + "ồổỗốộ"
    "ờởỡớợ" + "ùủũúụ" + "ừửữứự" + "ỳỷỹýỵ",
)
_TONES: Final = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HATS: Final = dict(zip("âáàåãä", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True))
_BREVES: Final = dict(zip("êéèúüë", ("", *"\u0301\u0300\u0309\u0303\u0323"), strict=True))
_VNI_MARKS: Final = {
    **_TONES,
    **{sign: "\u0302" + tone for sign, tone in _HATS.items()},
    **{sign: "\u0306" + tone for sign, tone in _BREVES.items()},
}
"""In VNI a letter's marks follow it as a letter of their own: ``a`` + ``ù`` is á."""
_VNI_LETTERS: Final = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))

_MARK: Final = "ùøûõïâáàåãäêéèúüëÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜË"
_TELL_TALE: Final = re.compile(
    "[¡-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]"  # letters and signs no Vietnamese word has
    "|[a-zà-ÿ][À-Þ]|[A-ZÀ-Þ][À-Þ][a-zà-ÿ]"  # a capital within a word
    f"|[AaEe][{_MARK}]|[Oo][ùøûõïâåäÙØÛÕÏÂÅÄ]|[UuYyÔÖôö][ùøûõïÙØÛÕÏ]"  # marks behind their letter
)
_SURELY_TCVN3: Final = re.compile(r"[¡-¿×÷]|[a-zà-ÿ][À-Þ]|[A-ZÀ-Þ][À-Þ][a-zà-ÿ]")
_SURELY_VNI: Final = re.compile(f"[AaEe][{_MARK}]|[OoUuYyÔÖôö][ùøûõïâåäÙØÛÕÏÂÅÄ]")
_WORD: Final = re.compile(r"[A-Za-z\u00a1-\u024f\u1e00-\u1eff]{2,}")
_BROKEN: Final = re.compile("á[º»]|[ÃÂ][\u00a0-\u00bf]|Ä[\u0080-\u0192\u2018-\u201d]|Æ[°¡]")
_LOST: Final = re.compile(r"\ufffd|[^\W\d_]\?+[^\W\d_]")
_ONSET: Final = r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu(?!u)|[bcdđghklmnprstvx])?"
_NUCLEI: Final = """
a:0 ă:0 â:0 e:0 ê:0 i:0 o:0 ô:0 ơ:0 u:0 ư:0 y:0
ai:0 ao:0 au:0 ay:0 âu:0 ây:0 eo:0 êu:0 ia:0 iu:0 oi:0 ôi:0 ơi:0 ua:0 ui:0 ưa:0 ưi:0 ưu:0
oa:01 oe:01 uy:01 oo:01 uê:1 uâ:1 uơ:1 oă:1 iê:1 yê:1 uô:1 ươ:1
iêu:1 yêu:1 ươi:1 ươu:1 uôi:1 oai:1 oay:1 oao:1 oeo:1 uây:1 uya:1 uyu:1 uyê:2
"""
"""What may stand in the middle of a syllable, and on which of its letters the tone may stand."""
_TONE_MARKS: Final = {"\u0301": "1", "\u0323": "1", "\u0300": "2", "\u0303": "2", "\u0309": "2"}
"""sắc and nặng; huyền, ngã and hỏi."""


def garbled(text: str) -> Garbled | None:
    """What is wrong with the letters of ``text``; None when nothing shows.

    One word that can only be an old font's is enough (``NguyÔn``); of words that might be a foreign name (``Bö``)
    it takes two.
    """
    if text.isascii():
        return "lost" if "?" in text and _is_lost(text) else None
    if _is_lost(text):
        return "lost"
    if _BROKEN.search(text) and _reads_as_utf8(text):
        return "mojibake"
    return _old_font(text, least=2) if _TELL_TALE.search(text) else None


def font_of(raw: bytes) -> Garbled | None:
    """Which old font ``raw``, which is no UTF-8, was written for; None when it is something else."""
    return _old_font(raw.decode("latin-1"), least=2)


def _is_lost(text: str) -> bool:
    return bool(_LOST.search(text)) and "://" not in text


def _reads_as_utf8(text: str) -> bool:
    """Whether the letters, taken as bytes again, are UTF-8: then they were UTF-8 before somebody misread them."""
    raw = bytearray()
    for letter in text:
        try:
            raw += letter.encode("cp1252")
        except UnicodeEncodeError:
            if ord(letter) > 0xFF:
                return False
            raw.append(ord(letter))
    try:
        return raw.decode("utf-8") != text
    except UnicodeDecodeError:
        return False


def _old_font(text: str, *, least: int) -> Garbled | None:
    """The font with more evidence in ``text``; sure evidence counts ``least``, doubtful one."""
    points: dict[Garbled, int] = {"tcvn3": 0, "vni": 0}
    for word in _WORD.findall(text):
        if word.isascii() or max(word) > "\xff" or native(word):
            continue
        if native(_from_tcvn3(word)):
            points["tcvn3"] += least if _SURELY_TCVN3.search(word) else 1
        if native(_from_vni(word)):
            points["vni"] += least if _SURELY_VNI.search(word) else 1
    font = max(points, key=points.__getitem__)
    return font if points[font] >= least else None


@lru_cache(maxsize=20_000)
def native(word: str) -> bool:
    """Whether ``word`` is spelled as a Vietnamese syllable, its tone where one may stand."""
    if word not in (word.lower(), word.upper(), word.capitalize()):
        return False
    toned = ""
    for letter in unicodedata.normalize("NFC", word.lower()):
        marks = unicodedata.normalize("NFD", letter)
        bare = "".join(mark for mark in marks if mark not in _TONE_MARKS)
        toned += unicodedata.normalize("NFC", bare) + "".join(_TONE_MARKS.get(mark, "") for mark in marks)
    return _SYLLABLE.fullmatch(toned) is not None


def _middle(nucleus: str, tones: str) -> Iterator[str]:
    """The expressions for one of ``_NUCLEI`` with one of ``tones`` on one of the letters that may bear it."""
    letters, _, places = nucleus.partition(":")
    for place in map(int, places):
        yield f"{letters[: place + 1]}[{tones}]{letters[place + 1 :]}"


def _middles(tones: str) -> str:
    return "|".join(middle for nucleus in _NUCLEI.split() for middle in _middle(nucleus, tones))


_BARE: Final = "|".join(nucleus.partition(":")[0] for nucleus in _NUCLEI.split())
_SYLLABLE: Final = re.compile(
    f"{_ONSET}(?:(?:{_middles('12')}|{_BARE})(?:ng|nh|[mn])?|(?:{_middles('1')})(?:ch|[cpt]))"
)
"""A syllable that ends in c, ch, p or t has one of two tones."""


def _from_tcvn3(word: str) -> str:
    """``word`` read in TCVN3. Its capitals are drawn by another font, so a word's case says nothing."""
    return word.translate(_TCVN3).lower()


def _from_vni(word: str) -> str:
    """``word`` read in VNI: a letter's marks follow it."""
    read = ""
    for letter in word.lower():
        if letter in _VNI_MARKS and read and read[-1] in "aeouyơư":
            read += _VNI_MARKS[letter]
        else:
            read += _VNI_LETTERS.get(letter, letter)
    return unicodedata.normalize("NFC", read)
