"""The words of Italian street names, and the other ways in which people write them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> Mapping[str, str]:
    """Read ``form form: word; …`` into the word by each form."""
    found = {}
    for entry in text.split(";"):
        forms, _, word = entry.partition(":")
        found.update(dict.fromkeys(forms.split(), word.strip()))
    return MappingProxyType(found)


STREET_KINDS = _set(
    """
    via viale piazza piazzale piazzetta corso largo larghetto vicolo vico strada stradone
    stradello salita discesa borgo lungomare lungofiume lungocarrione galleria rampa scalinata
    scalette traversa rotonda rotatoria calata molo banchina campo campiello circonvallazione
    viottolo sentiero passaggio passeggiata cavalcavia sottopasso chiasso costa erta
    """
)
"""The first words of streets and squares whose doors are numbered."""

AREA_KINDS = _set(
    """
    localita frazione contrada rione quartiere villaggio regione parco giardino giardini ponte
    porta
    """
)
"""The first words of other places that an address may name beside its street."""

KINDS = STREET_KINDS | AREA_KINDS

KIND_ABBREVIATIONS = _pairs(
    """
    v: via; vle vial: viale; p pza pzza pz pzz piaz: piazza; ple pzle pzzle: piazzale;
    ptta pzta pzetta: piazzetta; cso: corso; lgo larg: largo; vic vlo vclo: vicolo;
    str sda: strada; sal: salita; bgo: borgo; trav tr: traversa; cda ctr: contrada;
    loc locta: localita; fr fraz: frazione; qre: quartiere; vill: villaggio
    """
)
"""Short forms that stand only at the beginning of an address."""

WORD_ABBREVIATIONS = _pairs(
    """
    s santo santa sant santi sante ss sto sta: san; flli: fratelli; gen: generale;
    mons: monsignore; prof: professore; dott: dottore; prov: provinciale
    """
)
"""Short forms, and the forms of «saint», anywhere in a name."""

PARTICLES = _set(
    """
    a ad al allo alla ai agli alle all d da dal dallo dalla dai dagli dalle dall de dei del dello
    della degli delle dell di e ed i il in l la le lo gli nel nella sul sulla
    """
)
"""Words that people leave out of a name, or write in another form."""

MONTHS = _set(
    """
    gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
    """
)

_DAY_WORDS = """
primo due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici
sedici diciassette diciotto diciannove venti ventuno ventidue ventitre ventiquattro venticinque
ventisei ventisette ventotto ventinove trenta trentuno
"""
_DAY_NUMERALS = """
i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii xxiv xxv
xxvi xxvii xxviii xxix xxx xxxi
"""

DAYS: Mapping[str, str] = MappingProxyType(
    {
        form: str(day)
        for forms in (_DAY_WORDS, _DAY_NUMERALS)
        for day, word in enumerate(forms.split(), start=1)
        for form in (word, str(day), f"{day:02}")
    }
    | {"uno": "1"}
)
"""The day in digits by each way of writing it before a month."""

NUMERALS = _set(_DAY_NUMERALS)
"""Roman numerals of popes, kings and days."""

GIVEN_NAMES = _set(
    """
    achille ada adolfo adriano agostino alberto alceste alcide aldo alessandro alfonso alfredo
    amedeo amerigo andrea angelo anita anna annibale antonio aristide armando arnaldo aronte arturo
    augusto aurelio bartolomeo battista benedetto benvenuto bernardo bruno camillo carlo carlotta
    caterina cesare cino ciro claudio cosimo costantino cristoforo dante dario davide domenico
    donato edmondo edoardo elena elio emanuele emilio enrico enzo ernesto errico ettore eugenio
    fabio fabrizio federico ferdinando ferruccio filippo francesco franco gabriele gaetano
    galileo gaspare gerolamo giacinto giacomo giambattista gian gianni gino gioacchino gioberto
    giordano giorgio giosue giovanni girolamo giulia giuliano giulio giuseppe goffredo
    guglielmo guido gustavo ignazio ilaria isidoro italo ivo lazzaro leonardo leopoldo livio
    lodovico lorenzo loris luca luchino lucia luciano ludovico luigi manfredo marcello marco
    margherita maria mario martino matilde matteo maurizio mauro michelangelo michele nello nicola
    nicolo nino norberto oreste orazio ottavio palmiro paolo pasquale piero pier pietro pio
    raffaele raffaello renato riccardo rinaldo roberto rocco rodolfo romolo ruggero ruggiero
    salvatore salvo sandro saverio sebastiano sergio silvio simone stefano teresa tito tommaso
    torquato ubaldo ugo umberto valentino vincenzo virgilio vittorio vittorino walter
    """
)
"""First names that a street name may have or lack: «via (Giuseppe) Mazzini»."""

TITLES = _set(
    """
    ammiraglio avvocato beato capitano cardinale cavaliere colonnello conte don dottore duca
    fratelli generale maresciallo martire monsignore onorevole padre papa principe professore suor
    suora
    """
)
"""Titles that a street name may have or lack: «via (Don) Minzoni»."""
