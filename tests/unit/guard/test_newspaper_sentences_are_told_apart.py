"""Names in running text of newspapers, where every other capital is a club, a firm, a place or a thing."""

import pytest

from tests.unit.guard.conftest import Guard

PEOPLE = [
    # the unknown name at the start, with what only somebody does behind it
    ("Quaggeltra opende al in de achtste minuut de score.", ["Quaggeltra"]),
    ("Zwolkert (ex-Genk) blunderde in de slotfase.", ["Zwolkert"]),
    ("Tamirov versloeg in de finale zijn landgenoot.", ["Tamirov"]),
    # a common word with a capital where a thing would have an article
    ("Daarna had Lang niet veel meer te doen.", ["Lang"]),
    ("De inbreng van Dost te beoordelen is lastig.", ["Dost"]),
    ("Na een uur bepaalde Vormer, die alles gaf, de stand.", ["Vormer"]),
    ("Gisteren floot Bas Dost zelf.", ["Bas Dost"]),
    ("Later kwam Ben Turner nog langs.", ["Ben Turner"]),
    # rows of last names, one of which is a word or a town
    ("Het waren Gaudin, Bak, Frapporti en Wellens.", ["Gaudin", "Bak", "Frapporti", "Wellens"]),
    ("Onder anderen Simons, Wijnaldum en Haddouchi tekenden.", ["Simons", "Wijnaldum", "Haddouchi"]),
    # words that hardly anybody uses, at the start, with what only somebody does
    ("Dost opende de score.", ["Dost"]),
    ("Kok zwaaide naar de camera's.", ["Kok"]),
    ("Roest, Bosker en Snellink wonnen.", ["Roest", "Bosker", "Snellink"]),
    ("Het was voor Roest een opsteker.", ["Roest"]),
    # particles
    ("De Jong, Wüst en Schouten lagen achter.", ["De Jong", "Wüst", "Schouten"]),
    ("Volgens Van den Bossche is er geen draagvlak.", ["Van den Bossche"]),
    ("volgens Ten Cate was dat het kantelpunt", ["Ten Cate"]),
    ("van der Zwaag had het weer over targets", ["van der Zwaag"]),
    ("Hij sprak met 't Hooft en op den Akker.", ["t Hooft", "op den Akker"]),
    ("De Wever: 'Het is mijn plicht.'", ["De Wever"]),
    # nicknames, initials, hyphens
    ("Maurits (Mau) Stronks stierf.", ["Maurits (Mau) Stronks"]),
    ("Het parket vraagt dat D.C. ook zijn rijbewijs verliest.", ["D.C."]),
    ("Moet K. nog het werkblad sturen.", ["K."]),
    ("De premier Han Seung-woo bracht een bezoek.", ["Han Seung-woo"]),
    ("Zijn bijnaam op de bouw was de Lange.", ["Lange"]),
    ("Tijns moeder wil bij elk gesprek zijn.", ["Tijns"]),
    ("Over de kleine Mawda sprak niemand.", ["Mawda"]),
    ("Daarna schuift Overtoom door naar een andere zaal.", ["Overtoom"]),
    ("Daar staart Henk van Os naar de schilderijen.", ["Henk van Os"]),
    ("Van Haren: 'Het gebeurt steeds meer.'", ["Van Haren"]),
    ("De bestuurder, M.E. (38), liep verwondingen op.", ["M.E."]),
    # common words where a thing would have an article, or another verb
    ("Manden werd in de laatste meters voorbijgereden.", ["Manden"]),
    ("Vormer schoot in de laatste minuut raak.", ["Vormer"]),
    ('"Dat klopt niet", vertelt Appel.', ["Appel"]),
    ("Vooral de 44-jarige Ketel kreeg het zwaar.", ["Ketel"]),
    ("De raad schaarde zich achter het voorstel van Klomp.", ["Klomp"]),
    ("Voor Kaagman is het de eerste titel.", ["Kaagman"]),
    # spellings that only last names still have
    ("Claerhoudt had daar een andere lezing van.", ["Claerhoudt"]),
    ("Raeijmaekers, die gisteren won, beaamt dat.", ["Raeijmaekers"]),
    ("De Meyere, al jaren voorzitter, treedt terug.", ["De Meyere"]),
    # who works somewhere, who wins something, who owns something
    ("Hoogleraar Wiebe Terpstra van de Rijksuniversiteit Groningen waarschuwt.", ["Wiebe Terpstra"]),
    ("De trui ging naar Bramati, die derde werd.", ["Bramati"]),
    ("Zandbergens kelder stond tot de rand vol.", ["Zandbergens"]),
    ("Krols en Baetens kennen elkaar van de academie.", ["Krols", "Baetens"]),
    ("Opgericht door Bill Gates en Paul Allen.", ["Bill Gates", "Paul Allen"]),
    ("Jet van de receptie had haar zien huilen.", ["Jet"]),
]

NOBODY = [
    # what is called after somebody
    "De Anne Frankschool krijgt een gymzaal.",
    "In het Koning Boudewijnstadion worden toeschouwers verwacht.",
    "De Koningin Elisabethwedstrijd begint.",
    "Hij woont in de Willem de Zwijgerlaan.",
    "Ze liggen in het Prinses Máxima Centrum.",
    # clubs and firms
    "Manchester United won van Real Madrid.",
    "De supporters van Kraglund zongen.",
    "De directie van Blomstrand zweeg.",
    "Colruyt en Delhaize verlagen de prijs van koffie.",
    "Het NT Gent speelt vanavond.",
    "KV Kortrijk speelde gelijk.",
    "De toezichthouder FDA is gebotst op problemen.",
    # places, and those who come from them
    "Zij wonen in de wijk Kersenboogaard.",
    "Het werd gespeeld in het Poolse Pruszkow.",
    "Antwerps burgemeester of niet, hij zweeg.",
    "Dat is Vlaanderens mooiste koers.",
    "De oud-Ajacied zat op de tribune.",
    "Drie jaar later won een Noor.",
    "De wedstrijd was in Geraardsbergen.",
    "De fabriek in Wolfsburg sluit.",
    "Hij verblijft in De Zonnehof.",
    # titles and sayings
    "Hij vraagt of het Gewoon Goed Genoeg is.",
    "Zij kocht een Range Rover.",
    "De Ballon d'Or gaat naar een spits.",
    "Iris en pupil, zo leerde hij kijken.",
    "Zomer is zijn seizoen.",
    "De Roos probeert een brug te slaan.",
    "Dat is de wet van Archimedes.",
    "Het boek heet De Kracht van het Nu.",
    "Els of iep, dat weet hij als boswachter wel.",
    "Zij zong in het koor Plomberdal.",
    "De Seattle Times schrijft erover.",
    "De verbijsterde Franstaligen zwegen.",
    "Gisteren kwam The Jerusalem Post ermee.",
    "In schaatsteam Reggeborgh is het feest.",
    "De titel ging naar Lotto-Jumbo.",
    "Mindmap gemaakt, rugzak voelt lichter.",
    "Slaapritme is weg.",
    "Ze komen uit Redmond en omstreken.",
    # works, ships, storms and towers that are called after somebody
    "De roman Eline Vere staat op de leeslijst.",
    "Het schip Prinses Beatrix ligt in de haven.",
    "De storm Corrie trok over het land.",
    "De Rembrandt Tower staat leeg.",
    "De Anne Frankboom leeft voort.",
    "De Matthäus-Passion klinkt in elf kerken.",
    # firms by their work, clubs by what belongs to them
    "Bij Jansen de Jong werken nog veertig mensen.",
    "In Roosendaal wordt gestaakt bij Philip Morris.",
    "Het bestuur van Vluchtheuvel wil verhuizen.",
    "Het team van Jong Ambon speelt in wandeltempo.",
    # words that may open a sentence without an article
    "Bloemen gaf ze zelden weg.",
    "Kinderen kreeg ze pas laat.",
    "Schrijven werd haar redding.",
    "Slapeloosheid vertelde haar iets.",
    "In de coaching kwam Verandering als thema terug.",
    "Ze kent de Participatiewet, de Ziektewet en de rest.",
    "In het zuiden van Limburg viel hagel.",
]


@pytest.mark.parametrize(("text", "expected"), PEOPLE)
def test_a_person_in_the_news_is_found(guard: Guard, text: str, expected: list[str]) -> None:
    assert guard.of("naam", text) == expected


@pytest.mark.parametrize("text", NOBODY)
def test_nobody_is_found_where_nobody_is(guard: Guard, text: str) -> None:
    assert guard.of("naam", text) == []


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("De Anne Frankschool krijgt een gymzaal.", "organisatie", "Anne Frankschool"),
        ("Hij woont in de Willem de Zwijgerlaan.", "adres", "Willem de Zwijgerlaan"),
        ("De directie van Blomstrand zweeg.", "organisatie", "Blomstrand"),
        ("Zij wonen in de wijk Kersenboogaard.", "plaats", "Kersenboogaard"),
        ("Weer naar de ah, daar kent iedereen hem.", "organisatie", "ah"),
        ("Zij werkt bij Ten Cate in Nijverdal.", "organisatie", "Ten Cate"),
    ],
)
def test_what_is_called_so_has_its_own_kind(guard: Guard, text: str, kind: str, expected: str) -> None:
    assert guard.of(kind, text) == [expected]


def test_a_brand_behind_een_is_no_employer(guard: Guard) -> None:
    assert guard.pairs("Hij drinkt elke avond een Heineken.") == []
    assert guard.of("organisatie", "Hij werkt bij Heineken.") == ["Heineken"]


def test_a_paper_that_is_read_is_no_employer(guard: Guard) -> None:
    assert guard.pairs("Hij leest het Parool in de trein.") == []


@pytest.mark.parametrize(
    "text",
    [
        "Fleur was het zonnetje, aldus haar oom. Gesproken over later.",
        "In de nacht van 21 op 22 was hij met de auto weg.",
    ],
)
def test_a_full_stop_or_a_word_between_ends_what_was_begun(guard: Guard, text: str) -> None:
    assert guard.of("kenteken", text) == []
    assert "oom" not in " ".join(guard.of("naam", text))


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Intake met Wil de Ruiter. Bij wil zit de angst in de buik.", "wil"),
        ("Eerst met Roos Verhagen alleen. Daarna werd roos heel klein.", "roos"),
    ],
)
def test_a_name_that_is_a_word_is_known_again_in_lower_case(guard: Guard, text: str, last: str) -> None:
    assert guard.of("naam", text)[-1] == last
