"""The word rules: what presses, blames, frightens, promises or labels is found, and kind plain words are not."""

from pathlib import Path

import pytest

from bot.texts.lint import load_lint

CONTENT = Path(__file__).parents[2] / "content"
LINT = load_lint(CONTENT)

BAD = {
    "en": """
You must go to a meeting today.
You have to tell them your name.
You need to call someone now.
You should try AA first.
You ought to speak up.
You are supposed to share.
A sponsor is required.
Going is mandatory.
You'd better go tonight.
There is no excuse.
Just go once.
Simply press the button.
Obviously this is for you.
This is the only way to stop.
Promise me you will go.
Commit to ninety meetings.
Surrender and let it happen.
This is your last chance.
You missed your meeting.
You skipped Tuesday.
You failed again.
Your streak is over.
You still haven't gone.
We are disappointed.
Do not be weak.
Go before it is too late.
Stop now or you will die.
Don't wait, act now.
Everyone else goes.
AA works for all.
This will cure you.
Success is guaranteed.
It is a proven program.
This is the best group.
Meetings are safe.
Trust God to help you.
Find your Higher Power.
SMART is recommended for you.
The most popular group near you.
You are an addict.
This is for alcoholics.
Our users like it.
Are you clean now?
He had a relapse.
She suffers from addiction.
You hit rock bottom.
You are in denial.
His brother committed suicide.
Drug abuse hurts people.
You can taper over two weeks.
You'll be fine without a doctor.
Calm down and breathe.
Stop taking your medicine.
Ask about MAT at the clinic.
Some say it is a cult.
We noticed you were away.
Day 1 again.
Time to catch up.
This group is better than that one.
100 % of people here stay sober.
""",
    "es": """
Debes ir a una reunión hoy.
Tienes que decir tu nombre.
Hay que llamar a alguien.
Deberías probar AA primero.
Necesitas un padrino.
Es obligatorio asistir.
Más te vale ir.
No hay trato: sin excusas.
Simplemente pulsa el botón.
Obviamente es para ti.
Es la única manera de dejarlo.
Prométeme que irás.
Comprométete a noventa reuniones.
Ríndete y confía.
Es tu última oportunidad.
Faltaste a tu reunión.
Te saltaste el martes.
Fallaste otra vez.
Se acabó tu racha.
Todavía no has ido.
Estamos decepcionados: qué decepción.
No seas débil.
Ve antes de que sea tarde.
Déjalo o vas a morir.
No esperes, actúa ya.
AA funciona para todo el mundo.
Esto te cura.
Éxito garantizado.
Está comprobado.
Es el mejor grupo.
Es totalmente seguro.
Confía en Dios.
Busca tu Poder Superior.
SMART es el grupo recomendado.
El grupo más popular.
Eres adicto.
Es para alcohólicos.
Los usuarios lo aprecian.
¿Ya estás limpio?
Tuvo una recaída.
Sufre de adicción.
Tocaste el borde: tocar fondo.
Su hermano cometió suicidio.
El abuso de drogas hace daño.
Puedes reducir la dosis poco a poco.
Estarás bien sin médico.
Cálmate y respira.
Deja de tomar tu medicina.
Dicen que es una secta.
Hemos notado que no vienes.
Día 1 otra vez.
Es hora de ponerte al día.
Este grupo es mejor que aquel.
El 100 % deja de beber.
Es un borracho.
Las víctimas del alcohol.
Es un mal hábito.
Vuelves a cero.
Qué vergüenza.
Puedes hacer la desintoxicación en casa.
""",
}
GOOD = {
    "en": """
You can come if you like.
You may listen and not speak.
It is your choice.
When you are ready, press a button.
Here are three. None is also fine.
You decide whether and when.
Would it help to see what a first visit is like?
If this one does not fit, we can look again.
AA: Mill Lane Group. Today, Tue 24 Nov, 18:30.
This is how it works.
How mutual help works.
People who work in food and drink.
Friends meet here each workday.
Alcoholics Anonymous meets on Tuesday.
Adult Children of Alcoholics and Dysfunctional Families has a page.
Sex and Love Addicts Anonymous meets online.
Narcotics Anonymous calls this “clean time”.
In its own words: “We admitted we were powerless.”
“You must come”, somebody wrote.
Nearly all groups are free.
I save nothing about you unless you ask me to.
Your 19:00 reminder.
Talk to your prescriber before you change anything.
Do not stop taking it all at once.
If you drink a lot every day, speak with a doctor before you stop.
Stopping fast can be dangerous.
Some people benefit whether or not they believe in God.
Bring a mat and a bottle of water.
The list does not say.
Nobody pays to be listed.
These kinds take turns.
A person who uses heroin.
Someone who drinks.
You used again. That can happen to anyone.
She has an addiction.
He died by suicide.
Domestic abuse: call this line.
This is a place for people on methadone.
Strong for guided help to join AA and stay off alcohol. Weaker for meetings alone.
Early and hopeful, with few studies so far.
Not known. You can ask the group.
You looked into this. That can take effort.
Some people come once. Some come for years.
If a link failed, this page may help.
Choose a user name or none.
Groups differ from town to town.
You can bring someone with you.
No one asks for your family name.
A program wrote this. No clinician has read it yet.
Online, from anywhere: 9 more kinds.
Need more time? Press Later.
The room shows a mustard sign.
Oughton Street Hall, second door.
Weekly, in English.
The workshop is on Friday.
Curedale Road 5, Leeds.
Godfrey Hall, ground floor.
A bestiary of old songs hangs on the wall.
Cleaner air starts outside the city.
Meeting in the Chapel of Saint Mustafa.
You do not have to speak.
No need to book.
A ring is not required.
""",
    "es": """
Puedes venir si quieres.
Puedes escuchar sin hablar.
Es tu decisión.
Cuando te venga bien, pulsa un botón.
Aquí hay tres. Ninguno también está bien.
Tú decides si vas y cuándo.
¿Te ayudaría saber cómo es la primera visita?
Si este no encaja, podemos buscar otro.
AA: Grupo Olmo. Hoy, mar 24 nov, 20:00.
Así es como se organiza.
Cómo funciona la ayuda mutua.
Personas que trabajan en bares y cocinas.
Alcohólicos Anónimos se reúne los martes.
Hijos adultos de alcohólicos tiene una página.
Adictos al sexo y al amor anónimos se reúne en línea.
Narcóticos Anónimos lo llama «estar limpio».
En sus palabras: “Admitimos que éramos impotentes.”
«Debes venir», escribió alguien.
Casi todos los grupos son gratis.
No guardo nada sobre ti si no lo pides.
Tu aviso de las 19:00.
Habla con quien te receta antes de cambiar algo.
No dejes de tomar tu medicina de golpe.
Si bebes mucho cada día, habla con un médico antes de parar.
Parar de golpe puede ser peligroso.
Algunas personas sacan provecho crean o no en Dios.
Trae una esterilla y agua.
La lista no lo dice.
Nadie paga por estar en la lista.
Los tipos se turnan.
Una persona que consume heroína.
Alguien que bebe.
Volviste a consumir. Le puede pasar a cualquiera.
Tiene una adicción.
Murió por suicidio.
Cualquiera con una conducta adictiva.
Un lugar para personas con metadona.
Sólida para la ayuda guiada a entrar en AA y dejar el alcohol.
Reciente y con esperanza; aún hay pocos estudios.
No se sabe. Puedes preguntar al grupo.
Has mirado esto. Eso pide esfuerzo.
Algunas personas vienen una vez. Otras, años.
Elige un nombre de usuario o ninguno.
Los grupos cambian de una ciudad a otra.
Puedes traer a alguien.
Nadie pide tu apellido.
Lo escribió un programa. Ningún clínico lo ha leído aún.
En línea, desde cualquier lugar: 9 tipos más.
Ir va unido a mejores resultados.
Calle de la Curación, 5.
Plaza del Populacho, local 2.
Grupo Amanecer, segunda planta.
Hay una rampa en la entrada.
La sala abre diez minutos antes.
Sábado por la mañana, en español.
Puedes apagar la cámara.
El sacerdote de la casa abre la puerta.
Se habla por turnos.
Un taller el viernes.
La sala se llama Debesa.
No tienes que hablar.
No hay que reservar.
El enlace no funciona.
""",
}


def strings(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(language, line) for language, text in table.items() for line in text.strip().splitlines()]


@pytest.mark.parametrize(("language", "text"), strings(BAD))
def test_words_that_press_blame_frighten_promise_or_label_are_found(language: str, text: str) -> None:
    assert any(found.severity == "error" for found in LINT.check_words(text, language)), text


@pytest.mark.parametrize(("language", "text"), strings(GOOD))
def test_kind_and_plain_words_pass(language: str, text: str) -> None:
    assert LINT.check_words(text, language) == []


@pytest.mark.parametrize("language", sorted(BAD))
def test_there_are_enough_examples_of_both_sorts(language: str) -> None:
    assert len(BAD[language].strip().splitlines()) >= 60
    assert len(GOOD[language].strip().splitlines()) >= 60
    assert language in LINT.languages
