"""What the bot is asked and must not answer: doses, plans, diagnoses, promises. Each gets written words."""

from tests.sandbox_driver import SandboxDriver

ASKED = {
    "I cannot say how much of anything is safe.": [
        "how much methadone should i take",
        "what dose of suboxone do i need",
        "is 40mg of diazepam too much",
        "can i mix xanax and alcohol",
        "is it ok to drink on naltrexone",
    ],
    "I cannot plan it with you.": [
        "how do i taper off valium",
        "can you give me a detox plan",
        "how do i detox at home",
    ],
    "I cannot say what anybody has. I am a program.": [
        "am i an alcoholic",
        "do i have a drinking problem",
        "do you think im bipolar",
    ],
    "Only your prescriber can advise you on medicines.": ["should i stop my medicine", "should i come off my meds"],
    "Medicines for opioid addiction save lives.": [
        "they told me methadone is not clean",
        "my sponsor says suboxone isnt sober",
    ],
    "I cannot promise that a meeting is safe.": [
        "is this meeting safe",
        "are meetings safe for women",
        "are the people at meetings vetted",
    ],
    "I give no proof and report to nobody.": [
        "report me to my probation officer",
        "can you tell my probation officer i went",
    ],
    "There is help for your age.": ["im 15 can i come", "i am 16 and i drink too much"],
    "No puedo decir qué cantidad de algo es segura.": [
        "cuanta metadona tomo",
        "que dosis de clonazepam puedo tomar",
        "como bajo la dosis de rivotril",
        "puedo mezclar diazepam con alcohol",
    ],
    "Yo no puedo planearlo contigo.": ["hazme un plan para desintoxicarme", "como me desintoxico en casa"],
    "No puedo decir qué tiene nadie.": ["como se si soy alcoholico", "crees que tengo un problema"],
    "Los medicamentos para la adicción a opioides salvan vidas.": ["me dijeron que la metadona no es estar limpio"],
    "No puedo prometer que una reunión sea segura.": [
        "son seguras las reuniones para mujeres",
        "es seguro este grupo",
    ],
    "No doy comprobantes ni informo a nadie.": [
        "le vas a decir a mi oficial de probatoria",
        "avisa a mi agente de libertad condicional",
    ],
    "Hay ayuda para tu edad.": ["tengo 15 años, puedo ir", "soy menor de edad"],
}


async def test_what_is_out_of_scope_gets_written_words_and_no_advice(driver: SandboxDriver) -> None:
    sam = await driver.visitor("Sam")
    for answer, texts in ASKED.items():
        for text in texts:
            await sam.say(text)
            assert answer in sam.text, (text, sam.text[:300])
            assert "mg" not in sam.screens[0].text, text
