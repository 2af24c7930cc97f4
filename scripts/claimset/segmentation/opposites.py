"""Words that cannot stand for one another: opposites, rivals and the words that turn a sentence.

Written by hand for this project. Two sentences that hold different poles of one group tell
different things, however alike they look; words of no group may be retellings of one another. Words
stand in lower case and are compared by :func:`stem`, so that one form of a regular word is enough.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

__all__ = ["CERTAIN", "NUMBER_WORDS", "POLARITY", "are_opposed", "stem"]

_SHORTEST_STEM = 3
_ENDINGS: Final = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ing", ""),
    ("ed", ""),
    ("es", ""),
    ("s", ""),
    ("e", ""),
)


def stem(word: str) -> str:
    """Cut plural, -ing and -ed from a word in lower case.

    >>> [stem(word) for word in ("accused", "accusing", "denies", "cities", "press")]
    ['accus', 'accus', 'deny', 'city', 'press']
    """
    if word.endswith("ss"):
        return word
    for ending, replacement in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            cut = word[: -len(ending)] + replacement
            # stopped -> stop, but called -> call
            if ending in {"ing", "ed"} and cut[-1] == cut[-2] and cut[-1] in "bdgmnprt":
                return cut[:-1]
            return cut.removesuffix("e") if len(cut) > _SHORTEST_STEM + 1 else cut
    return word


_POLARITY_WORDS: Final = {
    "not": """not no never none nobody nothing neither nor nowhere without hardly barely scarcely
        rarely seldom lack absence nicht kein keine nie ne pas jamais nunca aucun""",
    "deny": "deny denied denial denying refute rebut disavow doubt doubtful",
    "fail": "fail failed failure refuse refusal decline unable",
    "hinder": "prevent block stop halt prohibit avoid bar ban forbid forbidden thwart",
    "false": """false falsely untrue fake hoax incorrect incorrectly wrong wrongly mistaken
        misleading baseless unfounded debunked bogus fabricated""",
    "if": "if unless whether until",
    # Whom or how much a statement is about.
    "all": "all every everyone everybody everything each always entire whole",
    "some": "some several sometimes someone somebody certain",
    "many": "many much numerous often countless",
    "most": "most mostly majority largely",
    "few": "few fewer minority",
    "any": "any anyone anybody anything",
    "both": "both",
    "only": "only solely merely just",
    "half": "half halved",
    "nearly": "almost nearly",
    "least": "least",
    "more": "more",
    "less": "less",
}
POLARITY: Final = {
    form: name
    for name, words in _POLARITY_WORDS.items()
    for word in words.split()
    for form in (word, stem(word))  # function words are compared unstemmed
}
"""Words that turn or bound a statement, by what they do; two retellings have the same ones."""

_SMALL_NUMBERS: Final = """zero one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"""
_TENS: Final = "thirty forty fifty sixty seventy eighty ninety"
_MEASURES: Final = """hundred thousand million billion trillion hundreds thousands millions
    billions dozen dozens third quarter fifth double twice triple treble quadruple once
    first second fourth sixth seventh eighth ninth tenth
    dollar dollars euro euros pound pounds yen rouble roubles rupee rupees pence cent cents
    km kilometre kilometres kilometer kilometers mile miles metre metres meter meters foot feet
    inch inches yard yards kg kilo kilos kilogram kilograms gram grams tonne tonnes ton tons
    ounce ounces litre litres liter liters gallon gallons barrel barrels acre acres hectare
    hectares minute minutes hour hours day days week weeks month months year years decade
    decades century centuries degree degrees
    monday tuesday wednesday thursday friday saturday sunday january february april june july
    august september october november december today yesterday tomorrow tonight weekend
    morning afternoon evening noon midnight"""
NUMBER_WORDS: Final = {
    **{word: str(value) for value, word in enumerate(_SMALL_NUMBERS.split())},
    **{word: str(value * 10) for value, word in enumerate(_TENS.split(), start=3)},
    "percent": "%",
    "percentage": "%",
    **{word: word.removesuffix("s") for word in _MEASURES.split()},
}
"""Words that count, measure or date, by what they come down to; never exchanged in a retelling."""

_CERTAIN_WORDS: Final = """former ex deputy vice acting interim shadow assistant non anti pro pre
    post alleged allegedly by"""
CERTAIN: Final = frozenset(_CERTAIN_WORDS.split())
"""Words that change who or what is meant; a retelling may neither add nor drop them."""

# Groups end with ";", their poles are parted by "|"; words of one pole may stand for one another.
_GROUPS: Final = """
    rise rises rising rose risen increase increased climb climbed soar soared grow grew grown
        growth jump jumped surge surged gain gained expand | fall falls falling fell fallen
        decrease decreased drop dropped decline declined shrink shrank shrunk plunge plunged
        sink sank slump slumped tumble tumbled lose lost loss plummet plummeted | flat unchanged
        steady stable stagnate;
    raise raised lift lifted boost boosted hike hiked increase | cut lower lowered reduce
        reduced slash slashed trim trimmed decrease;
    high higher highest record-high | low lower lowest;
    big bigger biggest large larger largest huge | small smaller smallest little tiny;
    more greater most majority | less fewer least minority;
    approve approved approval accept accepted adopt adopted back backed support supported
        endorse endorsed favour favor favoured favored welcome welcomed praise praised pass
        passed ratify ratified | reject rejected rejection oppose opposed opposition dismiss
        dismissed veto vetoed defeat condemn condemned criticise criticised criticize criticized
        attack attacked denounce denounced scrap scrapped;
    confirm confirmed affirm admit admitted acknowledge acknowledged accept | deny denied denial
        dispute disputed reject rejected refute;
    win won winning winner victory triumph triumphed | lose lost losing loser defeat defeated;
    beat beaten | lose lost;
    begin began begun start started launch launched open opened opening commence | end ended
        finish finished stop stopped close closed closing halt conclude concluded cease shut;
    allow allowed permit permitted let legalise legalize authorise authorize enable | ban banned
        prohibit prohibited forbid forbade forbidden bar barred block blocked prevent prevented
        stop stopped outlaw;
    arrive arrived enter entered join joined return returned come came | leave left leaving
        depart departed exit exited quit flee fled;
    hire hired appoint appointed employ recruit | fire fired sack sacked dismiss dismissed
        resign resigned;
    arrest arrested detain detained jail jailed imprison imprisoned | release released free
        freed;
    convict convicted guilty | acquit acquitted innocent cleared exonerate;
    charge charged accuse accused blame blamed | clear cleared exonerate exonerated absolve;
    include included including | exclude excluded excluding except;
    accept accepted | refuse refused decline declined reject rejected;
    succeed succeeded success successful | fail failed failure unsuccessful;
    agree agreed agreement | disagree disagreed disagreement;
    before | after;
    above over | below under beneath;
    up | down;
    in inside within | out outside;
    on | off;
    from | to into;
    for | against;
    with | without;
    long longer longest | short shorter shortest;
    early earlier earliest | late later latest;
    old older oldest elderly | young younger youngest new;
    last previous past | next following coming future | this;
    good better best positive | bad worse worst negative;
    improve improved strengthen strengthened recover recovered | worsen worsened deteriorate
        weaken weakened;
    strong stronger | weak weaker;
    safe | unsafe dangerous;
    true right correct | false wrong incorrect untrue;
    legal lawful | illegal unlawful;
    alive live lives lived living survive survived survivor | dead die died dies dying kill
        killed death;
    injured hurt wounded | killed died dead unharmed unhurt;
    born | died;
    buy bought purchase purchased | sell sold;
    import imported | export exported;
    lend lent | borrow borrowed;
    pay paid spend spent | earn earned receive received save saved;
    give gave given send sent | take took taken receive received get got;
    rich richer wealthy | poor poorer;
    hot warm warmer | cold cool cooler;
    north northern | south southern | east eastern | west western;
    left left-wing | right right-wing | centre center;
    male man men boy boys husband father son brother uncle king prince | female woman women girl
        girls wife mother daughter sister aunt queen princess;
    he him his himself | she her hers herself | they them their theirs themselves | we us our
        ours ourselves | i me my mine myself | you your yours yourself;
    father mother parent | son daughter child;
    public | private;
    local | national federal | international global foreign;
    domestic | foreign;
    teacher | student pupil;
    doctor | nurse | patient;
    employer | employee worker;
    landlord | tenant;
    buyer | seller;
    victim | suspect attacker perpetrator;
    defence defense | prosecution;
    plaintiff | defendant;
    war | peace;
    attack attacked attacker | defend defended defender;
    friend ally | enemy rival foe;
    love | hate;
    remember | forget forgot forgotten;
    lead led | trail trailed;
    build built create created construct | destroy destroyed demolish demolished dismantle;
    add added | remove removed delete deleted subtract;
    keep kept retain retained maintain maintained | abandon abandoned drop dropped scrap
        scrapped abolish abolished;
    extend extended prolong | shorten shortened end ended cut;
    delay delayed postpone postponed | advance advanced accelerate accelerated;
    push pushed | pull pulled;
    fast faster quick quickly swift rapid | slow slower slowly;
    easy easier | hard harder difficult;
    cheap cheaper | expensive costly;
    full | empty;
    same identical similar | different;
    present | absent;
    major | minor;
    maximum max | minimum min;
    majority | minority;
    single alone | double joint together;
    red | blue | green | yellow | black | white | orange | purple | pink | brown | grey gray;
    spring | summer | autumn | winter;
    democrat democratic | republican;
    sea | land | air;
    minister | president | chairman chairwoman chair | secretary | spokesman spokeswoman
        spokesperson | judge | mayor | governor | senator | ambassador;
    city | town | village;
    bus | train | car | plane aircraft | ship | lorry truck;
    house commons | senate lords;
    morning | afternoon | evening night;
"""


def _index_poles() -> dict[str, tuple[tuple[int, int], ...]]:
    index: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for number, group in enumerate(_GROUPS.split(";")):
        for pole, words in enumerate(group.split("|")):
            for word in words.split():
                for form in (word, stem(word)):
                    index[form].add((number, pole))
    return {word: tuple(sorted(places)) for word, places in index.items()}


_POLES: Final = _index_poles()
_NEGATING_PREFIXES: Final = (
    "un", "in", "im", "il", "ir", "dis", "non", "de", "mis", "anti", "pro", "ex", "pre", "post",
    "over", "under", "re", "out",
)  # fmt: skip
_SHORTEST_NEGATED = 3


def are_opposed(one: str, other: str) -> bool:
    """Whether two different stems exclude one another.

    >>> are_opposed(stem("rose"), stem("fell")), are_opposed(stem("lawful"), stem("unlawful"))
    (True, True)
    >>> are_opposed(stem("attacked"), stem("criticised"))
    False
    """
    poles = dict(_POLES.get(one, ()))
    if any(poles.get(group, pole) != pole for group, pole in _POLES.get(other, ())):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_NEGATED and any(
        long == prefix + short for prefix in _NEGATING_PREFIXES
    )
