"""Words whose full stop need not end a sentence, and words that begin one.

The lists hold what stands in news, press releases, letters and interviews, in English and the
commonest of German, French and Spanish. They are written by hand, in lower case and without the
last full stop. What may follow decides between the groups: a name after a title, a number after
`No.`, a sentence after `Inc.` only if its first word is one that begins sentences.
"""

from __future__ import annotations

__all__ = [
    "BEFORE_ANYTHING",
    "BEFORE_NAMES",
    "BEFORE_NUMBERS",
    "BESIDE_TIMES",
    "EXCLAIMING_NAMES",
    "MAY_END",
    "MAY_END_IF_CAPITALISED",
    "MONTHS_AFTER_ORDINALS",
    "SMALL_NAMES",
    "STARTERS",
]


def _words(*groups: str) -> frozenset[str]:
    return frozenset(word for group in groups for word in group.split())


BEFORE_NAMES = _words(
    "mr mrs ms mx dr drs prof profs sen sens rep reps gov govs gen col lt sgt capt cmdr adm maj",
    "pvt cpl rev hon pres supt insp det amb atty messrs mme mmes mlle msgr asst assoc brig cdr",
    "comdr cpt ens pfc spc treas ald hr hrn dipl fr br dres sra srta sres dña uds lic",
)
"""Titles and ranks, written with a capital: the sentence goes on, whatever follows."""

BEFORE_ANYTHING = _words(
    "e.g eg i.e viz cf vs v approx resp incl esp bzw z.b d.h u.a z.t ggf evtl vgl sog p.ex p.ej",
    "p.s ps",
)
"""Connecting abbreviations: never the last word of a sentence."""

BEFORE_NUMBERS = _words(
    "no nos nr n° nº n p pp pg fig figs vol vols art arts sec secs sect ch chap eq para paras",
    "ver ext tel op cl reg ed abs abb kap bd núm pág págs tél ca c rs est",
    "jan feb mar apr jun jul aug sep sept oct nov dec",
)
"""Abbreviations of counted things and of months: the sentence goes on before a digit."""

MAY_END = _words(
    "inc corp co cos ltd bros jr sr esq al dept univ assn ave blvd rd hwy natl govt ext tel",
    "max hr hrs lb lbs oz cm mm km kg mph ft vol vols ed eds est ph.d",
)
"""Abbreviations that may also be a sentence's last word: the next word decides."""

MAY_END_IF_CAPITALISED = _words(
    "st ste mt pt sts pkwy ln ct pl sq apt bldg intl div mfg cie mass conn calif ariz ark colo fla",
    "ga ill ind kan ky la md mich minn miss mo mont neb nev okla ore pa penn tenn tex vt va wash",
    "wis wyo ont que alta jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu",
    "thur thurs fri sat sun min",
)
"""The same, but ordinary words or word parts when written small (`sun`, `mass`, `ill`)."""

BESIDE_TIMES = _words(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat",
    "sun january february march april may june july august september october november december",
    "jan feb mar apr jun jul aug sep sept oct nov dec est edt et cst cdt ct mst mdt mt pst pdt pt",
    "gmt bst utc cet cest ist jst aest eastern pacific central mountain greenwich",
)
"""Words after `a.m.` and `p.m.` that belong to the time."""

MONTHS_AFTER_ORDINALS = _words(
    "januar jänner februar märz april mai juni juli august september oktober november dezember",
    "jahrhundert jahrhunderts jahrestag geburtstag",
)
"""German words after an ordinal such as `3.`, which ends no sentence there."""

EXCLAIMING_NAMES = _words("yahoo jeopardy wham oklahoma joomla yum fandango jeb")
"""Names that are written with an exclamation mark."""

SMALL_NAMES = _words("al-qaeda al-jazeera iphone ipad ipod ios ebay icloud itunes macos xai")
"""Names that begin small, also at the start of a sentence."""

STARTERS = _words(
    "the a an this that these those he she it they we i you there here who what when where why how",
    "which whose if but and or so yet nor for because since although though while whilst whereas",
    "as at in on by from with without within to of after before during until under over between",
    "among amid despite according against about above below around across through throughout",
    "however meanwhile moreover furthermore therefore thus then now still also instead",
    "nevertheless nonetheless otherwise indeed later earlier last next today yesterday tomorrow",
    "tonight recently currently previously finally first second third two three four",
    "five six seven eight nine ten some many most more much several few both each every all any",
    "another other others no not none nobody nothing never only even just once his her hers its",
    "their theirs our ours my mine your yours mr mrs ms people police officials",
    "critics supporters is are was were do does did has have had can could would should",
    "might must let please yes well asked like unlike such unless upon whether whoever",
    "additionally ultimately eventually perhaps maybe soon everyone everything someone something",
    "anyone i'm i've i'd it's that's there's he's she's they're we're you're don't didn't",
    "i’m i’ve i’d it’s that’s there’s he’s she’s they’re we’re you’re don’t didn’t",
)
"""Words that begin sentences far more often than names."""
