"""Furniture: lines that stand around an article and say nothing of the world.

Newsletter boxes, navigation, cookie notices and copyright lines; captions and credits; by-lines,
contact lines and the heads of mails. Each is known by its phrases or its form.
"""

from __future__ import annotations

import re

from claimset.models import UnitKind
from claimset.segmentation.lines import is_finished

__all__ = ["furniture_hints", "furniture_kind", "sentence_furniture"]

_SHORT = 12
_WORDS_PER_PHRASE = 25
_FORM_MAXIMUM_WORDS = 60
_FORM_MAXIMUM_LENGTH = 600
_CREDIT_LENGTH = 90

# (what must stand in the text, the phrase itself); looking for the plain string first keeps the
# expressions away from nearly all text.
_STRONG = tuple(
    (hint, re.compile(pattern))
    for hint, pattern in (
        ("privacy ", r"\bprivacy (?:notice|policy)"),
        ("cookie", r"\bcookies? (?:policy|settings|preferences|notice)|\bwe use cookies"),
        ("terms ", r"\bterms (?:of use|and conditions|of service)"),
        ("email address", r"\bvalid email address"),
        ("inbox", r"\b(?:to|in) your inbox\b"),
        ("click here", r"\bclick here\b"),
        ("follow us", r"\bfollow us\b"),
        ("share this", r"\bshare this\b"),
        ("rights reserved", r"\ball rights reserved"),
        ("(c) ", r"\(c\) \d{4}"),
        ("©", r"©"),
        ("copyright ", r"\bcopyright (?:\(c\) )?\d{4}"),
        ("skip to", r"\bskip to (?:main )?content"),
        ("emailed about", r"\bemailed about offers"),
        ("recommended ", r"\brecommended (?:for you|stories)"),
        ("sign up", r"\bsign up (?:for|to) (?:our|the|your|receive|get)\b"),
        ("signing up", r"\b(?:by|thanks for) signing up\b"),
        ("subscribe", r"\bunsubscribe\b|\bsubscribe (?:now|today|to our)\b"),
        ("manage your", r"\bmanage your (?:preferences|account)"),
        ("register", r"\blog ?in\b.{0,20}\bregister\b"),
        ("your browser", r"\b(?:in|by) your browser"),
        ("may not be", r"\bmay not be (?:published|reproduced|redistributed)"),
        ("download ", r"\bdownload (?:our|the) (?:free )?app\b"),
        ("get our free", r"\bget our free\b"),
    )
)
_WEAK = tuple(
    (hint, re.compile(pattern))
    for hint, pattern in (
        ("sign", r"\bsign(?:ed|ing)?[ -]?up\b|\bsign in\b"),
        ("subscribe", r"\bsubscribe\b"),
        ("newsletter", r"\bnewsletters?\b"),
        ("cookie", r"\bcookies?\b"),
        ("read ", r"\bread (?:more|next|also)\b"),
        ("advertisement", r"\badvertisement\b"),
        ("javascript", r"\bjavascript\b"),
        ("see also", r"\bsee also\b"),
        ("log in", r"\blog in\b"),
        ("share on", r"\bshare on\b"),
    )
)
_HINTS = (
    *sorted({hint for hint, _ in (*_STRONG, *_WEAK)} - {"sign"}),
    *("sign up", "signup", "sign-up", "signed up", "sign in", "ing by ", "ten by "),
)
_ADDRESSED = re.compile(
    r"\b(?:you|your|our|us)\b|^(?:sign|subscribe|read|click|follow|share|get|join|register|log|"
    r"download|please|enter|view|we)\b"
)
_INNER_END = re.compile(r"[.!?]\s")
_WHOLE_LINE = re.compile(
    r"(?:share|tweet|email|print|comments?(?: \(\d+\))?|\d+ comments?|facebook|twitter|whatsapp|"
    r"linkedin|instagram|youtube|menu|search|home|close|loading|next|previous|back to top|"
    r"(?:related|more) (?:articles?|stories|news|topics|content|links|reading|coverage)|"
    r"more (?:on|from|in|about) .{1,40}|most (?:read|popular|viewed|shared)|trending(?: now)?|"
    r"editors?['’]s? picks?|you may also like|you might also like|don['’]t miss|top stories|"
    r"latest news|read next|up next|watch live|listen now|watch now|recommended|sponsored|"
    r"sponsored content|promoted|support us|donate|sign in|my account|contact us|about us|"
    r"advertise with us|get in touch|copy link|save|bookmark|article continues below|"
    r"story continues below|continue reading|leave a (?:comment|reply)|load more|show more|"
    r"view (?:all|comments|gallery)|weiterlesen|lire (?:aussi|la suite)|leer más|"
    r"teilen|partager|compartir)[:.!>» ]*"
    r"|(?:(?:share|tweet|facebook|twitter|x|whatsapp|email|e-mail|print|linkedin|pinterest|"
    r"reddit|telegram|instagram|copy link|messenger|save|link)[ ,|/·•]*){2,}"
)
_NAVIGATION = re.compile(r"(?:[^|›»>·•]{1,30}\s[|›»>·•]\s){2,}[^|›»>·•]{1,30}")
_CAPTION = re.compile(
    r"(?:(?:photo|photograph|picture|image|video|credit|caption|file photo|file picture|"
    r"photo credit|image (?:source|credit|caption|copyright)|media caption|pictured|foto|bild)"
    r"(?: (?:by|courtesy(?: of)?|via))?:|"
    r"(?:photo|photograph|picture|image|illustration|video)s? (?:by|courtesy(?: of)?)\s|"
    r"image (?:source|caption|copyright)\b|fig(?:ure|\.) \d+[.:]|"
    r"\((?:photo|image|picture|credit|ap photo|afp|getty|file))",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:\((?:[^()]{0,60}[ /])?|[/|] ?|(?:image|photo|picture|credit|via)s?:? )"
    r"(?:getty(?: images)?|ap(?: photo)?|afp|reuters|pa(?: wire| media| images)?|epa|shutterstock|"
    r"alamy|istock|unsplash|handout|file(?: photo)?|wikimedia(?: commons)?|bloomberg)"
    r"(?:[/ ][^()]{0,40})?\)?\.?",
    re.IGNORECASE,
)
_METADATA = re.compile(
    r"(?:from|to|cc|bcc|sent|subject|re|fwd|e-?mail|tel|telephone|phone|fax|mobile|cell|web|"
    r"website|url|twitter|media contacts?|press contacts?|contacts?|for (?:more|further) "
    r"information|source|sources|tags?|topics?|filed under|category|categories|location|"
    r"reading time|published(?: by| in)?|author|written by|reported by|reporting by|editing by|"
    r"isbn|doi|issue|ref|reference|our ref|your ref|posted (?:by|in)|language|"
    r"kontakt|quelle|source)\s?:\s*\S.*"
    r"|\(?(?:(?:additional )?reporting|writing|editing|compiled|written) by\s.{2,120}"
    r"|for immediate release\b.*|embargoed?\b.{0,60}|press release|news release|media release|"
    r"ends|-?\s?ends\s?-?|notes? to editors?:?|-30-|"
    r"\d+ min(?:ute)?s? (?:read|ago)|\d+ (?:hours?|days?|weeks?|months?) ago|"
    r"(?:last )?(?:updated|modified|published|posted)\b.{0,40}\d.{0,20}",
    re.IGNORECASE,
)
_CREDITS = re.compile(
    r"\((?:additional )?(?:reporting|writing|editing|compiled|written) by\s", re.IGNORECASE
)
_BYLINE = re.compile(
    r"(?:By|BY|Von|Par|Por) [A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]*|de|da|di|van|von|der|la|and|&|in|"
    r"for|at|\|)){0,8}(?:,? [A-Z][\w'’ -]{2,60})?"
)
_ADDRESS = re.compile(r"(?:<?(?:https?://|www\.)\S+>?|\S+@\S+\.\S+|@\w{2,30}|#\w+(?:\s+#\w+)*)")


def furniture_hints(text: str) -> tuple[str, ...]:
    """A cheap first look at a whole article: what may belong to a phrase of furniture.

    Most articles have none or a few, so their blocks need not be searched for all.
    """
    small = text.lower()
    return tuple(hint for hint in _HINTS if hint in small)


def furniture_kind(block: str, words: int, *, suspect: bool) -> tuple[UnitKind, str] | None:
    """What furniture a block is, by its form or its phrases; ``None`` if it is none.

    Args:
        block: The text, trimmed.
        words: How many words it has.
        suspect: Whether a hint of :func:`furniture_hints` stands in it.
    """
    small = block.lower()
    if words <= _FORM_MAXIMUM_WORDS and len(block) <= _FORM_MAXIMUM_LENGTH:
        found = _by_form(block, small, words)
        if found:
            return found
    return _by_phrases(block, small, words) if suspect else None


def sentence_furniture(sentence: str) -> tuple[UnitKind, str] | None:
    """What furniture one sentence among others is: a call to subscribe, a line of credits.

    Only for sentences of a block in which a hint of :func:`furniture_hints` stands.
    """
    if sentence[0] == "(" and _CREDITS.match(sentence):
        return UnitKind.METADATA, "says who reported, wrote or edited the text"
    return _by_phrases(sentence, sentence.lower(), sentence.count(" ") + 1)


def _by_form(block: str, small: str, words: int) -> tuple[UnitKind, str] | None:
    finished = is_finished(block)
    if words <= _SHORT:
        if _WHOLE_LINE.fullmatch(small):
            return UnitKind.BOILERPLATE, "a button or link of the page"
        if _ADDRESS.fullmatch(block):
            return UnitKind.METADATA, "an address and nothing else"
        if not finished and _BYLINE.fullmatch(block):
            return UnitKind.METADATA, "names the author"
    if words <= 2 * _SHORT and _METADATA.fullmatch(block):
        return UnitKind.METADATA, "a line about the text: contact, source, author or time"
    if not finished and _NAVIGATION.fullmatch(block):
        return UnitKind.BOILERPLATE, "a row of links"
    if _CAPTION.match(block) and (not finished or words <= 2 * _SHORT or block[0] == "("):
        return UnitKind.CAPTION, "begins like the caption or credit of a picture"
    credit = _CREDIT.search(block, max(0, len(block) - _CREDIT_LENGTH))
    if credit and credit.end() == len(block) and not finished:
        return UnitKind.CAPTION, "ends with the credit of a picture"
    return None


def _phrases(table: tuple[tuple[str, re.Pattern[str]], ...], small: str) -> set[str]:
    return {
        match.group()
        for hint, pattern in table
        if hint in small
        for match in pattern.finditer(small)
    }


def _by_phrases(block: str, small: str, words: int) -> tuple[UnitKind, str] | None:
    strong = _phrases(_STRONG, small)
    weak = _phrases(_WEAK, small)
    phrases = strong | weak
    if not phrases:
        return None
    unfinished = not is_finished(block)
    addressed = _ADDRESSED.search(small) is not None
    dense = words <= _WORDS_PER_PHRASE * len(phrases)
    if not unfinished and _INNER_END.search(block):
        # Several sentences: each is looked at by itself, unless all is one notice.
        decided = dense and addressed and len(strong) > 1
    elif words <= _SHORT:
        decided = unfinished or bool(strong) or addressed
    else:
        decided = dense and (unfinished or (addressed and bool(strong) and len(phrases) > 1))
    if decided:
        quoted = ", ".join(f"“{phrase}”" for phrase in sorted(phrases)[:3])
        return UnitKind.BOILERPLATE, f"site furniture, by its phrases: {quoted}"
    return None
