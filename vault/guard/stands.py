"""Where a capital stands that only a name can: common words that somebody has for a last name. Pure.

Dutch puts an article before a thing that can be counted, and writes it without a capital. So 'zei Appel', 'dat Vlam het
wist' and 'de 58-jarige Mosterd' are people, whatever a dictionary says of the words.
"""

from vault.guard.rows import OWNED
from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITAL, LOWER, MIDDLE, START, Sheet
from vault.guard.tiers import WORD, function, seldom, tier

_COPULAS = words("is was wordt werd blijft lijkt")
_ADVERBIAL = words(
    "op in uit aan met voor naar bij tegen tussen langs over raak niet nog al ook wel weer direct meteen gisteren "
    "vandaag eerst vervolgens daarop toen zich er hem haar ons door af terug weg mee toe heen om neer erin eraan meer "
    "als na vorig vorige zaterdag zondag maandag dinsdag woensdag donderdag vrijdag zelf daarna daar tot tweemaal "
    "driemaal viermaal zes vijf"
)
SAYING = words(
    "zei zegt vertelt vertelde meent meende vindt verzucht verzuchtte jubelt jubelde lacht lachte grapt grapte stelt "
    "stelde reageert reageerde antwoordt antwoordde vervolgt vervolgde concludeert concludeerde benadrukt benadrukte "
    "beaamt beaamde bevestigt bevestigde verklaart verklaarde schrijft schreef oordeelt oordeelde herinnert klinkt "
    "waarschuwt waarschuwde denkt erkent erkende oppert opperde"
)
_CLAUSES = words(
    "dat of toen omdat terwijl hoewel totdat zodat nadat voordat waarin waarna waarop waardoor waarbij waarmee "
    "aangezien wie wat hoe waarom wanneer"
)
_TOWARDS = words("met van door aan bij tegen volgens namens tussen over voor via behalve")
_ABSTRACT = endings(
    "heid heden ing ings tie ties teit isme schap sel iek logie ment age ering atie cy ance ence ness je jes tje tjes "
    "app tool dag week jaar school huis wet plan"
)
_AGES = endings("-jarige -jarig")
ONLY_PEOPLE = words(
    "schoot kopte tikte scoorde scoort opende won wint versloeg verslaat verloor verliest finishte debuteerde "
    "blunderde beaamde beaamt verzuchtte hekelde hekelt zwaaide juichte jubelde troefde verlengde tekende floot "
    "zei zegt vertelt vertelde meent meende verzucht grapt reageert reageerde oppert opperde ontkent ontkende erkent "
    "erkende vreest vreesde pleit pleitte verwijt verweet beschuldigt beschuldigde sneerde foetert foeterde"
)
"""Verbs of the sports pages, which nobody uses of a tradesman at the door."""
_MANY = 2
"""Common words with a capital in a sentence from which it is a title, or someone who likes capitals."""


def stands(sheet: Sheet, i: int) -> float:
    """What the place of the common word `i`, with a capital in mid-sentence, says for a person."""
    before, behind = sheet.keys[i - 1] if i and sheet.touching(i) else "", _at(sheet, i + 1)
    lists = sheet.lists
    # 'Voor Kaagman' opens a sentence.
    low = before and (sheet.shapes[i - 1] == LOWER or (sheet.places[i - 1] == START and before in _TOWARDS))
    if not low or before in lists["named"] or "-" in sheet.keys[i] or _among_capitals(sheet, i):
        return 0.0
    if before.endswith(_AGES):
        return 2.0
    if before in SAYING and not behind.endswith(_ABSTRACT) and _told(sheet, i - 1):
        return 1.0
    if before not in _COPULAS and _inverted(sheet, i, before, behind):
        return 1.0
    if sheet.keys[i] in lists.common or sheet.keys[i].endswith(_ABSTRACT) or function(sheet, i):
        return 0.0
    if before in _TOWARDS and (_instituted(sheet, i) or (before == "tegen" and sheet.keys[i].endswith("s"))):
        return 0.0
    return 1.0 if before in _CLAUSES or before in _TOWARDS or _subject(sheet, i, before) else 0.0


def _instituted(sheet: Sheet, i: int) -> bool:
    """'het Hof van Assisen', 'het bestuur van Vluchtheuvel'"""
    return i > 1 and sheet.touching(i - 1) and (sheet.capital(i - 2) or sheet.keys[i - 2] in OWNED)


def _at(sheet: Sheet, i: int) -> str:
    return sheet.keys[i] if 0 < i < sheet.size and sheet.touching(i) else ""


def _told(sheet: Sheet, j: int) -> bool:
    """Whether what was said stands before the verb at `j`: '", zei Appel'."""
    return j == 0 or not sheet.touching(j)


def _inverted(sheet: Sheet, i: int, before: str, behind: str) -> bool:
    """'had Lang op rechts', 'van Lang te', 'ging Vormer, die'."""
    verbs = sheet.lists.verbs
    if i + 1 < sheet.size and sheet.gaps[i + 1] == ", " and sheet.keys[i + 1] == "die" and before in verbs:
        return True
    if behind in {"te", "een"} and before in sheet.lists["people_prepositions"]:
        return True
    return before in verbs and behind in _ADVERBIAL and not sheet.keys[i].endswith(_ABSTRACT)


def _subject(sheet: Sheet, i: int, before: str) -> bool:
    """'Weer was Bezem de gebeten hond': behind a verb whose subject has not been said yet."""
    if before not in sheet.lists.verbs or i < 2 or not sheet.touching(i - 1):
        return False
    opener = sheet.keys[i - 2]
    return opener in sheet.lists["stops"] - sheet.lists["grammar"] and opener not in _PRONOUNS


_PRONOUNS = words("ik jij je hij zij ze we wij jullie u dat dit die er wie wat het en of")


def _among_capitals(sheet: Sheet, i: int) -> bool:
    """Whether the sentence has other common words with capitals: a title, or someone who likes them."""
    first, after = sheet.sentences[i]
    others = 0
    for k in range(max(first + 1, i - 8), min(after, i + 9)):
        if k != i and sheet.shapes[k] == CAPITAL and sheet.places[k] == MIDDLE and not sheet.taken[k]:
            near = abs(k - i) == 1 and sheet.touching(max(k, i))
            if tier(sheet, k) == WORD:
                others += 1
                if near:
                    return True
    return others > _MANY


def opens(sheet: Sheet, i: int) -> bool:
    """Whether the common word `i` opens a sentence as only a name can: 'Manden werd zestiende', 'Vormer schoot'."""
    if sheet.places[i] != START or sheet.shapes[i] != CAPITAL or i + 2 > sheet.size:
        return False
    verb = _at(sheet, i + 1)
    lists = sheet.lists
    thing = sheet.keys[i].endswith(_ABSTRACT) or sheet.keys[i] in lists["stops"]
    if verb not in lists.verbs or function(sheet, i) or thing:
        return False
    further = _at(sheet, i + 2)
    if further and further not in _ADVERBIAL:
        return False
    strong = verb in lists["speech"] and verb not in lists["weak_verbs"]
    if _plural(sheet, i) and (strong or verb in {"werd", "wordt", "heeft", "had"}) and verb not in {"is", "was"}:
        return bool(further)
    return strong and (seldom(sheet, i) or (verb in ONLY_PEOPLE and sheet.keys[i] not in lists.common))


def _plural(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is many things and no verb: a verb in the singular behind it goes with somebody called so."""
    key = sheet.keys[i]
    if not key.endswith("en") or len(key) < 6 or key in sheet.lists.verbs or key.endswith("een"):
        return False
    stem = key[:-2]
    forms = [stem]
    if stem[-1] == stem[-2]:
        forms.append(stem[:-1])
    elif stem[-2] in "aeou":
        forms.append(stem[:-1] + stem[-2] + stem[-1])
    # 'schrijven', 'lezen'
    forms += [form[:-1] + {"v": "f", "z": "s"}[form[-1]] for form in forms if form[-1] in "vz"]
    lists = sheet.lists
    return not any(lists.word(form + "t") or form + "t" in lists.verbs for form in forms)
