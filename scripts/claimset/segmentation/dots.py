"""Dots: words of German, French and Spanish whose full stop need not end a sentence.

Written by hand, in small letters and without the last full stop, from what stands in news, press
releases and letters. What may follow decides between the groups.
"""

from __future__ import annotations

from typing import Final, NamedTuple

__all__ = ["DOTS", "NO_DOTS", "Dots"]


class Dots(NamedTuple):
    """What full stops mean in a language.

    Attributes:
        never: Abbreviations after which the sentence always goes on.
        titles: The same, but only as written here, for written small they are ordinary words.
        before_numbers: Abbreviations after which it goes on before a number.
        may_end: Abbreviations after which only a word that begins sentences begins one.
        starters: Words that begin sentences far more often than names and nouns.
        ordinals: Whether a number with a dot is an ordinal.
        after_ordinals: Words before which it surely is one.
    """

    never: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    before_numbers: frozenset[str] = frozenset()
    may_end: frozenset[str] = frozenset()
    starters: frozenset[str] = frozenset()
    ordinals: bool = False
    after_ordinals: frozenset[str] = frozenset()


def _words(*groups: str) -> frozenset[str]:
    return frozenset(word for group in groups for word in group.split())


_SHARED: Final = "dr drs prof mr mrs st vs cf ing al"

_GERMAN: Final = Dots(
    never=_words(
        _SHARED,
        "bzw z.b z.bsp d.h u.a.m i.d.r i.e s.o s.u u.u v.a z.t z.zt m.e o.g o.ä s.g sog",
        "ggf ggfs evtl vgl ca inkl exkl einschl zzgl abzgl gem lt insb insbes bes bspw",
        "beisp beil betr geb gest verh hl hr hrn fr frl dipl dipl.-ing dipl.-kfm priv.-doz",
        "pd min.-dir kfm nr nrn abs abschn anm lfd mind obst",
        "stv stellv vors zw zus rd tel ausg aufl hrsg verf übers jg chr n.chr v.chr ev kath",
        "phil med jur rer nat habil h.c e.h wg allg amtl ehem entspr frz engl dt lat österr",
        "schweiz städt staatl öff",
    ),
    titles=frozenset(("Mag", "Maj", "Gen", "Sen", "RA")),
    before_numbers=_words(
        "s ss z rn ziff str art bd bde kap max min",
        "jan feb mär apr jun jul aug sep sept okt nov dez",
    ),
    may_end=_words(
        "usw etc u.a u.ä u.v.m uvm usf str pl mio mrd tsd std sek km kg co corp inc e.v a.d a.m",
        "i.r a.g u.s.a gmbh ltd jh jhd",
    ),
    starters=_words(
        "er sie es wir ich ihr man der die das den dem des ein eine einen einem einer dies diese",
        "dieser dieses diesen jener jene dann danach dabei dafür dagegen daher dadurch damit doch",
        "aber und oder auch nun nur noch schon so somit seit seitdem bei beim in im am an auf aus",
        "bis durch für gegen mit nach ohne über um unter von vom vor während wegen zu zum zur",
        "wenn weil obwohl als ob wie was wer wo warum weshalb wann hier dort heute gestern morgen",
        "allerdings außerdem zudem jedoch dennoch trotzdem deshalb deswegen insgesamt laut",
        "zugleich zuvor später inzwischen mittlerweile derzeit bereits kein keine alle viele",
        "einige mehr sein seine ihre unser nach nicht nichts niemand ist sind war hat haben wird",
    ),
    ordinals=True,
    after_ordinals=_words(
        "januar jänner februar feber märz april mai juni juli august september oktober november",
        "dezember jan feb mär apr jun jul aug sep sept okt nov dez jahrhundert jahrhunderts jh",
        "jahrestag geburtstag weltkrieg bundesliga bundestag klasse stock lebensjahr mal platz",
        "legislaturperiode woche etage runde minute spieltag wahlperiode auflage",
    ),
)

_FRENCH: Final = Dots(
    never=_words(
        _SHARED,
        "m mme mmes mlle mlles mgr pr vve p.ex par.ex c.-à-d c.à.d càd env boul av bd bld chap",
        "al réf tél n° p.-s ste sts stes gén lt cdt cie éd coll trad dir anc hab voy",
    ),
    titles=frozenset(("MM", "Me", "Col", "Cap")),
    before_numbers=_words("p pp t l v s n fig vol art janv févr avr juil sept oct nov déc"),
    may_end=_words(
        "etc j.-c j.c apr av.j.-c km kg cie s.a s.a.r.l u.e o.n.u u.s.a ltd inc ibid op.cit",
    ),
    starters=_words(
        "le la les l un une des du de il elle ils elles on nous vous je tu ce cet cette ces c",
        "cela ça mais et ou or ni car donc en dans sur sous par pour avec sans chez vers à au aux",
        "après avant depuis pendant selon malgré si quand lorsque comme puis alors ainsi aussi",
        "enfin ensuite toutefois cependant pourtant néanmoins or hier aujourd demain qui que quoi",
        "où comment pourquoi quel quelle son sa ses leur leurs notre nos votre mon ma mes tout",
        "tous toute toutes chaque plusieurs certains beaucoup peu aucun aucune ne pas n d",
        "aujourd’hui aujourd'hui rien personne est était",
    ),
)

_SPANISH: Final = Dots(
    never=_words(
        _SHARED,
        "sr sra srta sres sras d dña dª dres lic ing arq prof profa fr mons gral cnel tte cap",
        "p.ej p.e pág págs núm núms nº n° aprox c/ avda av dpto tel tfno ca excmo excma ilmo ilma",
        "hnos sto sta vda ptas ee",
    ),
    before_numbers=_words(
        "p pp t s art arts cap fig vol no nos párr párrf ene feb mar abr may jun jul ago sept oct",
        "nov dic lun mié jue vie sáb dom",
    ),
    may_end=_words(
        "etc uu ee.uu eeuu a.c d.c a.j.c d.j.c a.m p.m s.a s.l cía ud uds vd vds ff.aa dd.hh",
        "jj.oo cc.oo km kg ltd inc ff aa hh jj oo",
    ),
    starters=_words(
        "el la los las un una unos unas lo él ella ellos ellas yo tú nosotros usted ustedes este",
        "esta estos estas ese esa esos esas aquel aquella eso esto pero y e o u ni si sin no en a",
        "al de del por para con sobre según tras ante desde hasta entre durante cuando como donde",
        "aunque porque mientras además también así luego después antes entonces hoy ayer mañana",
        "ahora ya su sus mi mis nuestro nuestra muchos muchas algunos algunas otros otras todo",
        "todos todas cada ningún ninguna nadie nada quien qué quién cómo cuándo dónde es son era",
        "fue ha han sin embargo",
    ),
)

NO_DOTS: Final = Dots(never=_words(_SHARED))
"""What holds where nothing is known of the language."""

_ORDINALS: Final = NO_DOTS._replace(ordinals=True)

DOTS: Final = {
    "de": _GERMAN,
    "fr": _FRENCH,
    "es": _SPANISH,
    # Languages that write ordinals with a dot; see Unicode CLDR, which does so in their dates.
    **dict.fromkeys(
        ("bs cs da et fi fo hr hu is lb lv nb nn no pl sk sl sr tr").split(),  # noqa: SIM905 - words read better as words
        _ORDINALS,
    ),
}
"""What is known, by language code."""
