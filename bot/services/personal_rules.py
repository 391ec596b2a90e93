"""The rules by which personal data is found: one pattern each, with the kind of data it stands for.

A group called `name` is the name itself: where it is a word of OTHER_NAMES the rule does not hold.
"""

import re

from bot.domain.suggestion import Personal


def _any(words: str) -> str:
    return "|".join(words.split())


# Whom somebody serves, who helps them, and who is close to them. "o/a" endings are written out as a class.
_SERVED = _any(
    "client patient sponsee resident inmate probationer cliente paciente clienta ahijad[oa] usuari[oa] intern[oa]"
)
_HELPER = _any(
    "sponsor counsell?or therapist nurse doctor padrino madrina terapeuta consejer[oa] enfermer[oa] médic[oa] "
    "doctora?"
)
_CLOSE = _any(
    "friend neighbou?r son daughter child kid husband wife partner boyfriend girlfriend brother sister mother "
    "father mum mom dad uncle aunt cousin nephew niece grandmother grandfather boss roommate colleague employee "
    "amig[oa] vecin[oa] hij[oa] marido espos[oa] pareja novi[oa] herman[oa] madre padre mamá papá t[íi][oa] "
    "prim[oa] sobrin[oa] jef[ea] abuel[oa] compañer[oa] emplead[oa]"
)
_PERSON = f"{_SERVED}|{_HELPER}|{_CLOSE}"
_OURS = _any("my our mi nuestr[oa]")
_SOMEBODYS = f"{_OURS}|his|her|their|this|su|est[ea]"
_ONE = f"{_SOMEBODYS}|a|an|the|one|un|una|el|la"
_NO_ONE = (
    f"(?! (?:{_any('safety information leaflet guide guidance group rights records? education care charter line')}))"
)

_CAPITAL = r"[A-ZÁÉÍÓÚÜÑ][a-záéíóúüñ]+"
_NAME = rf"(?P<name>{_CAPITAL}|[A-Z]\. ?(?:[A-Z]\.)?)(?![\w'’-])"
_LAST = rf"(?: {_CAPITAL}| [A-Z]\.)?"

_YEAR = r"(?:19|20)\d\d"
_MONTH = _any(
    r"jan(?:uary)?\.? feb(?:ruary)?\.? mar(?:ch)?\.? apr(?:il)?\.? june? july? aug(?:ust)?\.? sept?(?:ember)?\.? "
    r"oct(?:ober)?\.? nov(?:ember)?\.? dec(?:ember)?\.? enero febrero marzo abril mayo junio julio agosto "
    r"sep?tiembre octubre noviembre diciembre"
)
_DAY = (
    rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of| de)? (?:{_MONTH}|may)(?:,?(?: de| del)? {_YEAR})?"
    rf"|(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?(?:,? {_YEAR})?|may \d{{1,2}},? {_YEAR}"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:{_YEAR}|\d\d)|{_YEAR}[/.-]\d{{1,2}}[/.-]\d{{1,2}})(?!\w)"
)
_OLD = r"(?:[ -]?years?[ -]old|[ -]?y/?o|[ -]años)\b"

# First words of titles, bodies, kinds of groups and sentences that stand where a name could.
OTHER_NAMES = frozenset(
    "a an the this that these there here he she it they who one some many most all both people persons members "
    "someone somebody anyone anybody everyone everybody nobody patients clients staff in on at for and or but if "
    "when where what please thank thanks also after before see ask el la los las un una en de del y o pero si "
    "cuando este esta alguien todos muchas muchos nadie quien personas ver alcoholics narcotics cocaine crystal "
    "marijuana nicotine gamblers overeaters debtors families adult smart refuge recovery dharma wellbriety women "
    "men sobriety secular celebrate anonymous anonimos alcoholicos narcoticos lifering nar alanon alateen aa na "
    "ga oa ca da ha ma cma pa sos wfs mara grupos grupo group groups centro center centre hospital clinic clinica "
    "health salud national nacional american british world international foundation institute university service "
    "services servicio servicios ministry ministerio department nice cochrane samhsa nhs big basic book text step "
    "steps tradition traditions wikipedia christian buddhist jewish muslim native telegram zoom google facebook "
    "whatsapp addiction journal lancet page table chapter section article source website meeting meetings reunion "
    "reuniones information guide pagina tabla fuente libro revista estudio english spanish ingles espanol january "
    "february march april may june july august september october november december enero febrero marzo abril mayo "
    "junio julio agosto septiembre octubre noviembre diciembre monday tuesday wednesday thursday friday saturday "
    "sunday volume vol figure part".split()
)

_TITLES = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Dra|Prof|Sra?|Srta|Rev|mr|mrs)\b\.?|Miss|Professor|Profesora?|[Dd]on|[Dd]oña|[Ss]eñor(?:a|ita)?"
    r"|Father|Sister|[Nn]urse|[Dd]octora?|[Ee]nfermer[oa]"
)
_KNOWN = r"(?:Bob|Silkworth|Jung)\b"  # doctors of whom the literature of AA itself tells
_NUMBER_OF = (
    r"(?:medical record|patient|client|case|chart|file|insurance|policy|member|inmate|prisoner|caso|expediente"
    r"|póliza)"
    r" ?(?:number|no\.?|nr\.?|número|n\.o|#|id\b)|número de (?:caso|expediente|paciente|cliente|póliza|historia)"
)
_STREETS = _any("Street St Road Rd Avenue Ave Lane Ln Drive Dr Boulevard Blvd Terrace Crescent Gardens")
_CALLES = _any(r"calle c/ avenida avda\.? av\. plaza paseo camino carretera ronda travesía")


def _rule(kind: Personal, pattern: str) -> tuple[Personal, re.Pattern[str]]:
    return kind, re.compile(pattern)


NUMBERS = (
    _rule(Personal.EMAIL, r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    _rule(
        Personal.EMAIL,
        r"(?i)\b[\w.+-]{1,64} ?(?:\[at\]|\(at\)|\bat\b|\barroba\b) ?[\w-]{1,63} ?"
        r"(?:\[dot\]|\(dot\)|\bdot\b|\bpunto\b) ?(?:com|org|net|es|uk|edu|info)\b",
    ),
    _rule(Personal.HANDLE, r"(?<![\w./@])@[A-Za-z_]\w{2,}"),
    _rule(
        Personal.RECORD,
        r"(?i)\b(?:MRN|NHS|SSN|DNI|NIE|NIF|CURP|NUHSA|social security|seguridad social|passport|pasaporte"
        rf"|historia clínica|{_NUMBER_OF})(?:\s*(?:number|no\.?|n\.o|id|is|es|número|[:#=])){{0,3}}"
        r"\s*[A-Z]{0,4}-?\d[\d -]{2,}[A-Z]?",
    ),
    _rule(Personal.RECORD, r"(?<![\w-])(?:\d{3}-\d{2}-\d{4}|\d{8}-?[A-HJ-NP-TV-Z]|[XYZ]-?\d{7}-?[A-Z])(?![\w-])"),
)
DATES = (
    _rule(
        Personal.DATE,
        r"(?i)\b(?:DOB|date of birth|birth ?day|birth ?date|fecha de nacimiento|cumpleaños)\b"
        rf"[^.\n]{{0,20}}?(?:{_DAY}|\d{{2,}})",
    ),
    _rule(
        Personal.DATE,
        rf"(?i)\b(?:(?:he|she|who|i|{_SERVED}) (?:was|were) born|born on|nació|nací|nacid[oa])\b"
        rf"[^.\n]{{0,15}}?(?:{_DAY}|\b{_YEAR})",
    ),
    _rule(Personal.DATE, r"(?i), born (?:in )?(?:19[3-9]\d|20\d\d)\b"),
    _rule(
        Personal.DATE,
        r"(?i)\b(?:sober|clean|abstinent|sobri[oa]|limpi[oa]|abstinente)(?: date| time)?"
        rf"(?: since| from| on| desde|:)(?: el)? {_DAY}",
    ),
    _rule(
        Personal.DATE,
        rf"(?i)\b(?:{_OURS}|his|her|su)(?: \w+)? (?:{_CLOSE}|{_SERVED})\b{_NO_ONE}[^.;\n]{{0,50}}?{_DAY}",
    ),
    _rule(Personal.DATE, rf"(?i)\b(?:{_ONE})(?: \w+)? (?:{_SERVED})\b{_NO_ONE}[^.;\n]{{0,50}}?{_DAY}"),
    _rule(Personal.DATE, rf"(?i){_DAY}[^.;\n]{{0,40}}?\b(?:{_ONE})(?: \w+)? (?:{_SERVED})\b{_NO_ONE}"),
    _rule(Personal.DATE, rf"(?i){_DAY}[^.;\n]{{0,40}}?\b(?:{_OURS}) (?:{_CLOSE})\b"),
)
AGES = (
    _rule(
        Personal.AGE,
        rf"(?i)\b(?:{_ONE})(?: \w+)? (?:{_SERVED}|{_CLOSE})\b(?:,| is| was| \(| who is| de| tiene| que tiene){{0,2}}"
        rf" ?(?:aged? \d{{1,2}}\b|\d{{1,2}}{_OLD})",
    ),
    _rule(Personal.AGE, rf"(?i)\b(?:{_OURS})(?: \w+)? (?:{_SERVED}|{_CLOSE}),? \(?\d{{1,2}}(?=[,)])"),
    _rule(Personal.AGE, rf"(?i)\b(?:{_OURS}|his|her) \d{{1,2}}{_OLD} (?:\w+ )?(?:{_PERSON})\b"),
    _rule(Personal.AGE, rf"(?i)\b(?:{_ONE}) \d{{1,2}}{_OLD} (?:\w+ )?(?:{_SERVED})\b"),
    _rule(Personal.AGE, rf"\b{_NAME}{_LAST},? \(?(?:(?:is|was|tiene|tenía),? )?(?:aged? |de )?\d{{1,2}}{_OLD}"),
    _rule(Personal.AGE, rf"\b{_NAME}{_LAST}(?:,? aged?| \(aged?) \d{{1,2}}\b(?! ?(?:to|and|or|–|-))"),
    _rule(Personal.AGE, rf"(?<![\w,] ){_NAME}{_LAST}, \d{{1,2}}, (?!\d|pp?\b|pág)"),
)
NAMES = (
    _rule(Personal.NAME, rf"\b(?:{_TITLES}) (?!{_KNOWN})(?:[A-Z]\. )?{_NAME}"),
    _rule(Personal.NAME, r"\b(?:mr|mrs|mister)\.? (?P<name>[a-z]{3,})\b"),
    _rule(Personal.NAME, rf"\b(?i:{_SOMEBODYS})(?: [a-z]+)? (?i:{_PERSON}),? (?:(?:is|es) )?{_NAME}"),
    _rule(Personal.NAME, rf"\b(?:{_SERVED}) {_NAME}"),
    _rule(Personal.NAME, rf"\b(?:{_SERVED}|{_CLOSE})(?: of (?:mine|ours))?, {_NAME}(?=,| who\b| que\b)"),
    _rule(Personal.NAME, rf"\b(?i:aunt|uncle|t[íi][oa]|grandma|grandpa|abuel[oa]) {_NAME}"),
    _rule(Personal.NAME, r"\b(?i:initials?|iniciales)\b[: =]{1,3}(?i:is |are |son )?[A-Z]\.? ?[A-Z]\b"),
    _rule(Personal.NAME, rf"\b(?i:{_SOMEBODYS}|a|un|una) (?:{_SERVED}) (?P<name>[A-Z]{{2,3}})\b"),
    _rule(
        Personal.NAME,
        rf"\b(?i:{_PERSON}|man|woman|boy|girl|person|member|someone|hombre|mujer|chic[oa]|persona|miembro|alguien)"
        rf",? (?:is |was |who is |que se )?(?:named|called|llamad[oa]|llama|de nombre) {_NAME}",
    ),
    _rule(Personal.NAME, rf"\b(?i:{_SERVED}) (?:named|called|llamad[oa]) (?P<name>[a-záéíóúñ]{{3,}})\b"),
    _rule(
        Personal.NAME,
        r"\b(?i:my name is|my name['’]s|(?:his|her|their) name (?:is|was)|[ms]e llam[oa]|(?:mi|su) nombre (?:es|era))"
        rf" {_NAME}",
    ),
    _rule(
        Personal.NAME,
        rf"(?:\b(?i:client|patient|full name|cliente|paciente)|(?m:^)(?i:name|nombre)) ?[:=] ?{_NAME}",
    ),
    _rule(
        Personal.NAME,
        r"\b(?:(?i:regards|sincerely|signed|yours|saludos?|atentamente|firmado|cordialmente|un abrazo)[,:]?"
        rf"|(?i:cheers|thanks|gracias|best),)\s+{_NAME}{_LAST}\W*\Z",
    ),
    _rule(
        Personal.NAME,
        rf"\b{_NAME}{_LAST} (?:relapsed|overdosed|used again|was (?:admitted|discharged|arrested|hospitali[sz]ed)"
        rf"|is (?:my|our) (?:{_PERSON})|recayó|fue ingresad[oa]|es (?:mi|nuestr[oa]) (?:{_PERSON}))\b",
    ),
    _rule(Personal.NAME, rf"\b{_NAME} {_CAPITAL} (?:told (?:me|us)|drinks|uses heroin|me dijo|nos dijo|bebe)\b"),
)
ADDRESSES = (
    _rule(
        Personal.ADDRESS,
        rf"(?<![\w.,/-])(?!{_YEAR} )\d{{1,5}}[A-Za-z]?,? (?:[A-Z][\w'’.]+ ){{1,3}}(?:(?:{_STREETS})\b"
        r"|(?:Court|Ct|Close|Place|Way|Square),)",
    ),
    _rule(
        Personal.ADDRESS,
        rf"\b(?i:{_CALLES}) ?(?:(?:de|del|la|los|las|el|y) |[A-ZÁÉÍÓÚÑ][\wáéíóúñ]+,? ){{1,6}}"
        r"(?:n[.°o]* ?|número )?\d{1,4}\b",
    ),
    _rule(Personal.ADDRESS, r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b"),
)
# In an address on the web: whom it calls or writes to.
LINKED = (
    _rule(Personal.PHONE, r"(?i)(?:wa\.me/|api\.whatsapp\.com/|tel:)[^\s]*\d{6,}"),
    _rule(Personal.HANDLE, r"(?i)\b(?:t\.me|telegram\.me)/(?!\w*bot\b)[\w+@]+"),
    _rule(Personal.HANDLE, r"(?i)facebook\.com/profile\.php\S*"),
)
RULES = (*NUMBERS, *DATES, *AGES, *NAMES, *ADDRESSES)
