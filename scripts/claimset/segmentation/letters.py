"""Letters and dates: what opens a letter, what closes it, and lines that are dates."""

from __future__ import annotations

import re

__all__ = ["DATELINE", "SALUTATION", "SIGN_OFF"]

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|"
    r"oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|"
    r"décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|"
    r"diciembre)\.?"
)
_WEEKDAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tues?|wed|thu(?:rs)?|fri|sat|sun|montag|"
    r"dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|"
    r"samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATE = (
    rf"(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|"
    rf"{_DAY}\s+(?:of\s+|de\s+)?{_MONTH},?\s+(?:de\s+)?\d{{4}}|{_MONTH}\s+{_DAY},?\s+\d{{4}})"
)
_CLOCK = r"\d{1,2}(?:[:.]\d{2}){0,2}\s*(?:[ap]\.?m\.?)?(?:\s*\(?[A-Z]{2,4}\)?)?"
_TIME = rf"(?:t{_CLOCK}z?|,?\s+(?:(?:at|um|à|-|–|\|)\s+)?{_CLOCK})"

DATELINE = re.compile(
    rf"(?:(?:date|dated|published|(?:last\s+)?updated|posted|issued|released|first\s+published|"
    rf"stand|publié\s+le|publicado\s+el)(?:\s+on)?:?\s+)?"
    rf"(?:[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){{0,3}},\s+(?:den\s+|le\s+)?)?"
    rf"(?:{_WEEKDAY},?\s+)?{_DATE}{_TIME}?[.]?"
    rf"|{_WEEKDAY},?\s+(?:{_DAY}\s+{_MONTH}|{_MONTH}\s+{_DAY})",
    re.IGNORECASE,
)
"""A date and nothing else, with a label, a place (`London, 8 March 2023`) or a time."""

SALUTATION = re.compile(
    r"dear\b(?:[^.!?]|(?:mr|mrs|ms|dr|prof|sen|rep|gov|hon|rev|st)\.){0,80}[,:!]?"
    r"|to (?:whom it may concern|the editor)\b[^.!?]{0,40}[,:]?"
    r"|(?:hello|hi|hey|greetings|good (?:morning|afternoon|evening)|ladies and gentlemen)"
    r"\b[^.?!,:]{0,40}[,!:]"
    r"|(?:sehr geehrte|lieber?|cher|chère|chers|estimad[oa]s?|querid[oa]s?)\b[^.!?]{0,60}[,:!]"
    r"|madame,? monsieur,?",
    re.IGNORECASE,
)
"""A line that greets the reader of a letter."""

SIGN_OFF = re.compile(
    r"(?:(?:yours|very)\s+(?:sincerely|faithfully|truly|ever|respectfully)(?:\s+yours)?|"
    r"sincerely(?:\s+yours)?|(?:kind(?:est)?|best|warm(?:est)?|many|with\s+(?:kind|best|warm))\s+"
    r"(?:regards|wishes|thanks)|regards|respectfully(?:\s+yours)?|cordially|all the best|"
    r"in solidarity|mit freundlichen grüßen|freundliche grüße|cordialement|"
    r"(?:muy\s+)?atentamente|un cordial saludo)[,.]?"
    r"|(?:yours|best|thanks|many thanks|thank you|cheers|love|warmly|faithfully)[,]",
    re.IGNORECASE,
)
"""A line that closes a letter."""
