"""What a suggestion may not hold, and what it may: a corpus of both, in English and Spanish, all of it invented."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.suggestion import Personal
from bot.services.personal_data import MOST_FOUND, SNIPPET, personal_data
from bot.services.suggestions import names_a_source

REFUSED = {
    Personal.PHONE: """
        The right number is 0113 496 0101, the page shows an old one.
        Please add 07700 900123 to the card.
        (555) 555-0100 is the new number of the office.
        555-0100 is where you can ask.
        555-555-0100 answers day and night.
        1-555-555-0100, see page 3
        El nuevo número es +34 612 34 56 78.
        612 345 678 es el de la secretaria
        whatsapp 600123 for the group's link
        5555550100 works better
        https://wa.me/447700900123 has the answer
        llama al 600 12 34 56 y te lo cuentan
    """,
    Personal.EMAIL: """
        jane.doe@example.org wrote the chapter, page 4.
        Write to jane (at) example (dot) org for the source.
        escribe a ana arroba example punto org
        https://example.org/contact?mail=jane@example.org
    """,
    Personal.HANDLE: """
        @jane_doe said so in the group
        The source is https://t.me/janedoe
        preguntad a @ana_ruiz por la fuente
    """,
    Personal.RECORD: """
        MRN 4455667 shows that this does not hold.
        MRN: 00123456, see the notes of 2019
        Patient ID: 88213 had another answer.
        case number 2021-4456 was about this
        NHS number 943 476 5919
        SSN 123-45-6789 is in the file
        DNI 12345678Z
        historia clínica nº 556677, página 2
        expediente número 12345 lo prueba
    """,
    Personal.DATE: """
        DOB 12/03/1980, drinks since school
        Her date of birth: 1980, so the text on age is wrong.
        She was born on 12 March 1980 and never heard of it.
        nació el 3 de mayo de 1985 y no encaja
        Fecha de nacimiento 03/05/85
        My client was admitted on 12 March 2024 after this advice.
        A patient came on 3/4/2024 and had read your page.
        El paciente ingresó el 3 de abril de 2024.
        On 12 March 2024 my son died, and the page did not help.
        A woman from Leeds, born 1979, said so; page 4.
        Sober since 3 May 2019, and this is not how it is.
        Sobria desde el 3 de mayo de 2019.
    """,
    Personal.AGE: """
        Maria, 34, has been going for a year.
        John (aged 45) went to Refuge Recovery.
        Maria is 34 years old and likes SMART.
        Mi paciente de 34 años no lo entendió.
        A 34-year-old client asked what this means.
        My 16 year old son read it.
        My client, 45, drinks less now.
        Una paciente de 52 años preguntó por la página 3.
    """,
    Personal.NAME: """
        My client Jane went to AA and this is wrong.
        Our patient J. D. said the text is cold.
        My client JD read page 4.
        My sponsor Bill says the Big Book has another word.
        Mi paciente Ana dijo que no es así.
        Mi hijo Pedro va a NA y lo cuenta de otro modo.
        Un cliente llamado Juan lo leyó.
        A client named jane asked for it.
        Mr Smith told me that the page is old.
        mr smith runs the Leeds group
        Dr. Patel at the clinic prescribes naltrexone, page 2.
        La doctora García dice otra cosa.
        Don Pedro lo sabe mejor, folleto de 2018.
        Pregunta a la señora López del grupo.
        My name is Ana and I know the source.
        Me llamo Juan y voy a Al-Anon.
        Her name is Maria, she wrote the pamphlet.
        Patient: Jane Doe. Page 3.
        Nombre: Ana Ruiz, de Madrid
        See page 4 of the handbook. Best regards, John Smith
        Falta la fuente, está en la página 2. Saludos, Ana
        I had a client, Tamsin, who read this and cried, page 2.
        A patient of mine, John, died; see the 2020 review.
        Client initials: J.D., page 3.
        Tía Carmen lo dijo, página 4.
        The text on cost is old, see page 9. Thanks, Robert
        Jane relapsed last week because of this page.
        John Smith told me this at the Leeds meeting.
    """,
    Personal.ADDRESS: """
        The group meets at 14 Mill Lane, Leeds.
        He lives at 22 Oak Street and can confirm it.
        Está en la calle Mayor 12, no en otra.
        Calle de la Paz, n.º 4
        LS6 2AA is the right code for the room.
    """,
}
ACCEPTED = """
    The text on cost is out of date. See https://www.aa.org/faq, checked 12 March 2024.
    The Cochrane review (Kelly, Humphreys & Ferri 2020) says 42%, not 24%. https://doi.org/10.1002/14651858.CD012880.pub2
    DOI 10.1002/14651858.CD012880.pub2 gives the numbers in table 3, page 34.
    "Manualised" is missing: Kelly JF, Humphreys K, Ferri M. Cochrane Database Syst Rev 2020;3:CD012880.
    PMID 32159228 has the newer figure.
    PMID: 32159228, pages 1123-1145, says otherwise.
    Addiction, 99, 703-711 (2004) found the same for online groups.
    Drug and Alcohol Dependence 115(2), 201-210, is the source for the second sentence.
    Journal of Substance Abuse Treatment, 34(2), 112-119, 2008 does not say "most".
    ISBN 978-1-893007-16-1, page 58, has the wording of Step Two.
    ISBN 1-893007-16-2, chapter 5, "How It Works".
    The Big Book, 4th edition, p. 58-60, has another wording.
    In "Dr. Bob and the Good Oldtimers", pages 96-99, this is told otherwise.
    SMART Recovery Handbook, 3rd edition, p. 12: the four points have other names.
    LifeRing's own page lists three S words: https://lifering.org/the-three-s/
    Women for Sobriety has thirteen statements, see womenforsobriety.org/about/
    NA Bulletin 29 (1996) was replaced; see https://na.org/literature and the 2016 pamphlet.
    NICE guideline CG115, section 1.3.6, covers this. Updated 2011-02-23.
    The sentence on naloxone lacks a source: WHO, Community management of opioid overdose, 2014, page 9.
    SAMHSA TIP 42, updated 2020, says it on page 112.
    ClinicalTrials NCT01234567 was never published, so "early" fits better.
    Al-Anon was founded in 1951, not 1950: al-anon.org/history
    AA began on 10 June 1935, says https://www.aa.org/the-start-and-growth-of-aa
    The line 988 opened on 16 July 2022: https://988lifeline.org
    Samaritans has 116 123, the page says 116 132. Source: samaritans.org/how-we-can-help
    Between 1999 and 2019 the number of groups rose: GSO report 2019, page 4.
    Membership is about 1,967,613, not 2 million: AA fact file 2023, p. 3.
    Hay 123.000 grupos, según el informe de la OSG de 2022.
    Son unos 1.967.613 miembros: informe OSG 2022.
    Page 3 says meetings last 60 minutes; most last 60-90: https://www.na.org/faq
    Meetings run 19:00-20:30 in this example. Source: The Guardian style guide 2021.
    Adults aged 18 to 25 are named as one group; see Young People in AA, pamphlet P-4, 2019.
    Women aged 50 and over were not part of the study (Smith et al., 2018, p. 4).
    Smith (34) and Jones (35) in the reference list are swapped. Source: the list itself, page 2.
    The patient leaflet of the Royal College of Psychiatrists (2022) uses "alcohol use disorder".
    The client-centred wording of SAMHSA TIP 35 (2019) fits better.
    For patients, the NHS page of 12 March 2024 has a plainer text: https://www.nhs.uk/conditions/alcohol-misuse/
    Counselors can attend an open meeting: Humphreys 1999, page 44.
    A doctor can explain the interaction: NICE NG202, 2021.
    A family member may go to Al-Anon alone: al-anon.org, "Who can attend?"
    Please name Recovery Dharma beside Refuge Recovery; recoverydharma.org/book, page 7.
    Your page calls it SMART; its name is SMART Recovery, see smartrecovery.org/about-us/
    We are Recovery Dharma Global. Our card says "Buddhist only". See https://recoverydharma.org/about
    Name: SMART Recovery UK, as on smartrecovery.org.uk/about
    Somos Al-Anon España. En la ficha falta la web: https://al-anonespana.org/
    El folleto de AA "El miembro de AA: los medicamentos y otras drogas" (P-11, 2018) dice otra cosa.
    La revisión Cochrane de 2020 (Kelly y colaboradores) habla de 42 de cada 100, página 2.
    Según el libro "Vivir sobrio", capítulo 3, no es así.
    La guía de la OMS de 2014, página 9, cita la naloxona.
    Véase https://doi.org/10.1111/add.14882, tabla 2.
    NA España: el Texto Básico, sexta edición, página 20, tiene otra redacción.
    En "Tu primera reunión" falta que se puede solo escuchar: folleto IP n.º 22, NA, 2015.
    British Summer Time begins on 30 March 2025: https://www.gov.uk/when-do-the-clocks-change
    Step 12 in the Twelve and Twelve, page 106, is "carry this message".
    Section 3.2.1 of version 1.0.2 of the manual, 2017, has the new wording.
    Kaskutas 2009, Table 1, lists six criteria; the article names five.
    Tonigan, Pearson, Magill & Hagler (2018), Addiction 113(11), 1970-1981.
    arXiv 2004.12345 is a preprint, so "early" is the right word.
    See the report at https://example.org/files/2020-03-11/report-5550100.pdf page 3.
    The FAQ at https://medium.com/@smartrecovery/faq-2021 says meetings are free.
    Zemore et al. 2018 (PALS study), N = 647, Drug Alcohol Depend 190:14-22.
    The quote is by Bill W. in Grapevine, February 1958, "Problems Other Than Alcohol".
    Millati Islami: steps at millatiislami.org/steps, last seen 2024-05-01.
    SOS: "Save Our Selves" is the newer name, https://www.sossobriety.org
    Women told us this reads as blame; see the BMJ language guide 2019.
    Here is our source: https://wellbriety.com/about
    The American Society of Addiction Medicine (ASAM) definition of 2019 would fit here.
    “A person called a sponsor” could be “a member who helps”; SMART has none: smartrecovery.org/faq
    The sentence on buprenorphine: 10-year follow-up, Weiss 2015, pp. 112–119.
    Facebook groups are not listed: https://www.facebook.com/SMARTRecoveryUSA says so.
    One sponsor may be enough, says the pamphlet Questions and Answers on Sponsorship (P-15), page 12.
    In May 12 people took part, in June 14: Brown 2011, page 2.
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


ALL_REFUSED = [(kind, line) for kind, text in REFUSED.items() for line in lines(text)]


@pytest.mark.parametrize(("kind", "text"), ALL_REFUSED)
def test_what_could_tell_who_somebody_is_gets_found_and_named(kind: Personal, text: str) -> None:
    found = personal_data(text)
    assert kind in {one.kind for one in found}
    assert all(one.snippet for one in found)


@pytest.mark.parametrize("text", lines(ACCEPTED))
def test_a_suggestion_with_a_source_is_no_personal_data(text: str) -> None:
    assert personal_data(text) == ()
    assert names_a_source(text)


def test_the_corpus_is_large_and_speaks_both_languages() -> None:
    assert len(ALL_REFUSED) >= 60
    assert len(lines(ACCEPTED)) >= 60
    for every in ([text for _, text in ALL_REFUSED], lines(ACCEPTED)):
        assert sum(any(letter in text for letter in "áéíóúñº") for text in every) >= 8


@pytest.mark.parametrize(
    "text",
    [
        "The number is ０１１３ ４９６ ０１０１, see page 3",
        "jane\u200b.doe@exam\u200bple.org",
        "Mr\u00a0Smith said so",
    ],
)
def test_another_spelling_of_digits_and_signs_that_nobody_sees_hide_nothing(text: str) -> None:
    assert personal_data(text)


def test_what_was_found_is_shown_as_it_was_written_and_not_all_of_a_long_list() -> None:
    found = personal_data("My client Jane, 0113 496 0101, jane@example.org, MRN 4455667, 14 Mill Lane, " + "x" * 90)
    assert [one.snippet for one in found] == ["My client Jane", "0113 496 0101", "jane@example.org"]
    assert len(found) == MOST_FOUND
    (long,) = personal_data(f"{'a' * 60}@{'b' * 50}.org")
    assert len(long.snippet) == SNIPPET


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_judged(text: str) -> None:
    assert all(0 < len(one.snippet) <= SNIPPET for one in personal_data(text))


@pytest.mark.parametrize("piece", ["1-", "a.", "my client ", "12 March ", "A ", "Calle Aa ", "call 1", "name: "])
def test_a_text_made_to_be_slow_is_judged_at_once(piece: str) -> None:
    began = time.process_time()
    personal_data((piece * 1500)[:1500])
    assert time.process_time() - began < 0.5
