"""Cues: the words that report speech, in every form in which they are written."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

__all__ = [
    "CUES",
    "CUE_PATTERN",
    "FREE_CUES",
    "CueClass",
    "CueForm",
    "CueWord",
    "reporting_places",
]


class CueClass(StrEnum):
    """What stands after a cue."""

    SPEECH = "speech"
    """A clause: say, tell, insist."""
    NAMING = "naming"
    """A name for something: call, describe, dub. The quoted words are close by."""
    JUDGING = "judging"
    """A thing or person that the speaker judges, urges or promises."""


class CueForm(StrEnum):
    """How the cue is inflected."""

    PAST = "past"
    """Past tense, or past participle where the two are alike."""
    PARTICIPLE = "participle"
    """Past participle only: written, spoken."""
    PRESENT = "present"
    """Third person singular."""
    BASE = "base"
    """Infinitive, or present tense of a plural."""
    GERUND = "gerund"
    """The form in -ing."""


class CueWord(NamedTuple):
    """One form of one cue."""

    lemma: str
    kind: CueClass
    form: CueForm
    doubtful: bool
    """Whether the form is as often a noun: claims, reports, call."""


# The lists were written down from the reporting verbs of English reference grammars (Quirk et al.
# 1985, A Comprehensive Grammar of the English Language, section 14.28-31) and newspaper style.
_SPEECH = """
say tell add note write ask reply respond answer insist warn state explain argue claim declare
announce assert stress emphasize emphasise acknowledge admit concede recall tweet predict contend
maintain suggest observe remark quip joke shout yell chant cry scream exclaim thunder whisper
mutter murmur counter retort continue conclude complain confess recount report allege assure inform
advise caution read testify believe think hope wonder joke text post opine muse lament bemoan vow
pledge promise swear agree reiterate repeat confirm reveal indicate signal proclaim interject rule
boast brag demand urge plead beg estimate find fear fume crow gush intone
sneer snap bark deadpan hint imply hold teach preach recommend propose comment guess reckon
clarify disclose relate rejoin explode vent volunteer venture put thunder roar insinuate hypothesize
speculate point chime elaborate theorize surmise posit attest affirm profess concur demur grumble
gripe whine wail groan marvel laugh chuckle sigh scoff sniff gloat rave bellow growl howl blurt
stammer exult enthuse gush forecast foresee implore exhort remind reassure reason grouse tease
interrupt utter sputter protest
""".split()  # noqa: SIM905 - words read better as words
_NAMING = """
call describe label dub brand characterize characterise term deem denounce decry dismiss slam blast
condemn deride hail portray depict mock ridicule refer praise cite quote slur tout
nickname disparage belittle vilify laud herald bill
""".split()  # noqa: SIM905 - words read better as words
_JUDGING = """
accuse criticize criticise attack blame chide rebuke lambaste lambast rip bash charge fault
question deny defend express voice offer applaud tout rail apologize apologise rant complain commend
thank challenge invoke compare liken threaten object reject berate pan trash savage
shame skewer chastise excoriate scold taunt assail echo discuss mention address encourage instruct
order reject rebuff spurn disavow repudiate hammer knock needle jeer heckle oppose endorse welcome
salute celebrate trumpet hype highlight underscore
""".split()  # noqa: SIM905 - words read better as words
# Nouns as often as verbs in these forms.
_DOUBTFUL_BASE = frozenset(
    """answer call caution charge claim comment counter cry demand fear fault hint hope joke lament
    mention note object offer pledge post promise question quote remark reply report rule signal
    slur state text think threat vow attack address blast brand bark challenge counter crow defend
    echo express guess label muse read rip snap term tout order voice volunteer venture vent
    use hold find wonder bash rant rail repeat hail slam blame estimate laugh sigh howl forecast
    reason protest bill point hammer knock needle trumpet hype highlight welcome salute scoff tease
    gripe rave
    """.split()  # noqa: SIM905 - words read better as words
)
_IRREGULAR = {
    "say": ("said", "said"),
    "tell": ("told", "told"),
    "write": ("wrote", "written"),
    "read": ("read", "read"),
    "think": ("thought", "thought"),
    "swear": ("swore", "sworn"),
    "find": ("found", "found"),
    "hold": ("held", "held"),
    "teach": ("taught", "taught"),
    "put": ("put", "put"),
    "forecast": ("forecast", "forecast"),
    "foresee": ("foresaw", "foreseen"),
}
_DOUBLED = frozenset(
    {"pan", "put", "quip", "admit", "brag", "rip", "dub", "slam", "snap", "beg", "slur", "concur"}
    | {"demur"}
)
_VOWELS = frozenset("aeiou")


def _forms(lemma: str) -> tuple[str, str, str, str, str]:
    """Base, third person, past, participle and -ing form."""
    stem = lemma.removesuffix("e")
    doubled = lemma + lemma[-1] if lemma in _DOUBLED else stem
    y_ending = lemma.endswith("y") and lemma[-2] not in _VOWELS
    third = (
        lemma[:-1] + "ies"
        if y_ending
        else lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s")
    )
    past = lemma[:-1] + "ied" if y_ending else doubled + "ed"
    past, participle = _IRREGULAR.get(lemma, (past, past))
    return lemma, third, past, participle, (doubled if lemma in _DOUBLED else stem) + "ing"


def _all_cues() -> dict[str, CueWord]:
    cues: dict[str, CueWord] = {}
    for kind, lemmas in (
        (CueClass.SPEECH, _SPEECH),
        (CueClass.NAMING, _NAMING),
        (CueClass.JUDGING, _JUDGING),
    ):
        for lemma in lemmas:
            base, third, past, participle, gerund = _forms(lemma)
            doubtful = lemma in _DOUBTFUL_BASE
            for word, form, unsure in (
                (base, CueForm.BASE, doubtful),
                (third, CueForm.PRESENT, doubtful),
                (gerund, CueForm.GERUND, False),
                (participle, CueForm.PARTICIPLE, False),
                (past, CueForm.PAST, False),
            ):
                # The first class that names a lemma keeps it; a past form replaces a participle
                # and a base form that look the same.
                known = cues.get(word)
                if known is None or known.lemma == lemma:
                    cues[word] = CueWord(lemma, kind, form, unsure)
    return cues


CUES: dict[str, CueWord] = _all_cues()
"""Every form of every cue."""


def _alternation(words: list[str]) -> str:
    """A pattern of words that tries only those with the right first letters."""
    if len(words) == 1:
        return re.escape(words[0])
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[:1], []).append(word[1:])
    parts = [
        re.escape(first) + (_alternation(rests) if first else "")
        for first, rests in sorted(groups.items(), reverse=True)
    ]
    return parts[0] if len(parts) == 1 else "(?:" + "|".join(parts) + ")"


CUE_PATTERN = re.compile(
    r"[ \n](?:" + _alternation(sorted([*CUES, "according to"])) + r")(?![\w’'-])"
)
"""Finds cues in running text, each with the white space before it."""

FREE_CUES = frozenset(
    """say tell insist argue claim admit believe think predict hope acknowledge contend concede
    suggest maintain declare reckon""".split()  # noqa: SIM905 - words read better as words
)
"""Lemmas after which a reported clause may stand without "that"."""


_OPENS_CLAUSE = re.compile(r" (?:that|whether|if|how|why|what)\b")
_ACCORDING = ("According to", "according to")
_CLAUSE_WITHIN = 50
"""Code points after a cue within which its clause begins."""


def _speech_pattern() -> tuple[re.Pattern[str], frozenset[str]]:
    speech = {
        word: cue
        for word, cue in CUES.items()
        if cue.kind is CueClass.SPEECH and cue.form is not CueForm.PARTICIPLE
    }
    free = {word for word, cue in speech.items() if cue.lemma in FREE_CUES}
    words = sorted([*speech, *_ACCORDING])
    pattern = re.compile(r"[ \n](?:" + _alternation(words) + r")(?![\w’'-])")
    return pattern, frozenset({*free, *_ACCORDING})


_SPEECH_PATTERN, _FREE_WORDS = _speech_pattern()


def reporting_places(text: str, start: int, end: int) -> list[int]:
    """Where ``text[start:end]`` may report speech without quotation marks, in order."""
    places = [
        match.start()
        for match in _SPEECH_PATTERN.finditer(text, start, end)
        if match.group()[1:] in _FREE_WORDS
        or _OPENS_CLAUSE.search(text, match.end(), min(end, match.end() + _CLAUSE_WITHIN))
    ]
    if text.startswith(_ACCORDING[0], start):
        places.insert(0, start)
    return places
