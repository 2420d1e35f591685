"""Honest forms of every step, with the rules that such forms have: all are to pass.

Written as lines ``type|name|label|column=rule|...``; lists of choices below ``---``.
"""

from __future__ import annotations

LANGUAGES = {"ar": "Arabic (ar)", "fr": "French (fr)", "es": "Spanish (es)", "ru": "Russian (ru)"}

FORMS: dict[str, tuple[str, str, str]] = {
    "household registration": (
        "registration",
        "en",
        """
date|came_on|Date of arrival|constraint=. <= today()
integer|people|How many people are in the household?|constraint=. > 0
begin_repeat|member|Member|repeat_count=${people}
text|first|First name
text|last|Family name|constraint=string-length(.) < 80
integer|age|Age
select_one sex|sex|Sex
select_one yn|carer|Is a parent or usual carer here?|relevant=${age} < 18
calculate|alone||calculation=if(${carer} = 'no', 1, 0)
select_one nation|nationality|Nationality
text|nationality_other|Which other nationality?|relevant=${nationality} = 'other'
end_repeat|member
calculate|children_alone||calculation=sum(${alone})
note|told|Children without a carer: ${children_alone}
---
yn|yes|Yes
yn|no|No
sex|f|Woman or girl
sex|m|Man or boy
nation|sy|Syrian
nation|iq|Iraqi
nation|sd|Sudanese
nation|stateless|Stateless
nation|other|Other
""",
    ),
    "where the family lived before": (
        "registration",
        "en",
        """
select_one country|country_origin|Country of origin
select_one gov|gov_origin|Governorate of origin|choice_filter=country = ${country_origin}
select_one dis|dis_origin|District|choice_filter=gov = ${gov_origin}
select_one gov|gov_now|Governorate where the family is now
select_one dis|dis_now|District|choice_filter=gov = ${gov_now}
calculate|here||calculation=if(${gov_now} = 'a', 'harbour', 'gate')
---
country|sy|Syria
country|iq|Iraq
gov|a|Aleppo|country=sy
gov|b|Basra|country=iq
dis|x|Afrin|gov=a
dis|y|Zubair|gov=b
""",
    ),
    "interpreter": (
        "registration",
        "en",
        """
select_one lang|spoken|Which language do you speak best?
text|spoken_other|Please specify|relevant=${spoken} = 'other'
calculate|interpreter_needed||calculation=if(${spoken} = 'ar', 'no', 'yes')
select_one sex|interpreter_sex|Interpreter: a woman or a man?|relevant=${spoken} != 'ar'
---
lang|ar|Arabic
lang|ku|Kurdish
lang|ti|Tigrinya
lang|other|Other
sex|f|Woman
sex|m|Man
""",
    ),
    "papers": (
        "screening",
        "en",
        """
select_one yn|has_id|Do you have an identity document?
select_one doc|which|Which document?|relevant=${has_id} = 'yes'
text|which_other|What other document?|relevant=${which} = 'other'
select_one yn|taken|Did somebody take your passport or papers away?
select_one who|holds|Who holds your passport now?|relevant=${taken} = 'yes'
select_one yn|stateless|Are you stateless, or at risk of it?
text|legal|What help with papers do you want?|relevant=${stateless} = 'yes' or ${has_id} = 'no'
calculate|signs||calculation=if(${taken} = 'yes', 1, 0) + if(${stateless} = 'yes', 1, 0)
---
yn|yes|Yes
yn|no|No
doc|p|Passport
doc|n|National identity card
doc|r|Refugee certificate
doc|other|Other
who|e|Employer
who|m|Myself
who|t|Recruiter or agent
""",
    ),
    "work": (
        "screening",
        "en",
        """
select_one country|where|In which country did you work?
text|where_other|Which other country?|relevant=${where} = 'other'
select_one yn|paid|Were you paid?
integer|wage|How much in a week, in Syrian pounds?|relevant=${paid} = 'yes'
integer|hours|Hours a day|constraint=. <= 24
calculate|hourly||calculation=${wage} div (${hours} * 7)
select_one yn|leave|Could you leave when you wanted to?
select_one yn|threat|Did they threaten to report you to the police?
calculate|score||calculation=if(${leave} = 'no', 2, 0) + if(${threat} = 'yes', 2, 0)
---
country|ly|Libya
country|lb|Lebanon
country|other|Other
yn|yes|Yes
yn|no|No
""",
    ),
    "journey": (
        "screening",
        "en",
        """
select_multiple country|through|Through which countries did you travel?
begin_repeat|leg|Leg of the journey|repeat_count=count-selected(${through})
select_one country|leg_country|Country you passed through
integer|days|Days there
select_one yn|held|Were you held against your will there?
text|by|Who held you?|relevant=${held} = 'yes'
end_repeat|leg
calculate|total||calculation=sum(${days})
select_one yn|debt|Do you owe money for the journey?
integer|owed|How much?|relevant=${debt} = 'yes'
---
country|ly|Libya
country|tn|Tunisia
country|eg|Egypt
yn|yes|Yes
yn|no|No
""",
    ),
    "why somebody was attacked": (
        "screening",
        "en",
        """
select_one yn|persecuted|Were you threatened or attacked because of your religion or ethnicity?
text|what|What happened?|relevant=${persecuted} = 'yes'
select_one yn|oath|Did they use an oath or a belief to keep you in fear?
select_one urg|urgent|How soon?|relevant=${persecuted} = 'yes' or ${oath} = 'yes'
---
yn|yes|Yes
yn|no|No
urg|now|Now
urg|days|Within days
""",
    ),
    "cash help": (
        "assistance",
        "en",
        """
integer|size|Household size
integer|under5|Children under five|constraint=. <= ${size}
select_one yn|rent|Do you pay rent?
integer|rent_sum|Rent each month|relevant=${rent} = 'yes'
select_multiple need|needs|What do you need most?
text|need_other|What else?|relevant=selected(${needs}, 'other')
calculate|amount||calculation=${size} * 40 + ${under5} * 20
note|told|The household gets ${amount}.
note|free|Help does not depend on whether you testify or speak to the police.
select_one yn|knows|Were you told how to complain about our services?
text|why|What was not told?|relevant=${knows} = 'no'
---
yn|yes|Yes
yn|no|No
need|food|Food
need|rent|Rent
need|law|A lawyer
need|other|Other
""",
    ),
    "safety plan": (
        "assistance",
        "en",
        """
select_one yn|safe|Does the person feel safe where they sleep?
select_multiple fear|fears|Of whom are they afraid?|relevant=${safe} = 'no'
text|plan|What was agreed to keep safe?|required=${safe} = 'no'
select_one yn|shelter|Is a place in the shelter wanted?
select_one place|where|Which shelter?|choice_filter=free = 'yes'|relevant=${shelter} = 'yes'
date|review|When is the plan looked at again?|constraint=. > today()
---
yn|yes|Yes
yn|no|No
fear|t|Traffickers
fear|p|The police
fear|f|The family
place|a|Lantern House|free=yes
place|b|Harbour House|free=no
""",
    ),
    "health": (
        "assistance",
        "en",
        """
text|complaint|Chief complaint
select_multiple sign|signs|Physical signs
decimal|temp|Temperature|constraint=. > 30 and . < 45
calculate|fever||calculation=if(${temp} >= 38, 'yes', 'no')
select_one yn|pregnant|Is the person pregnant?|relevant=${sex} = 'f'
select_one sex|sex|Sex
integer|weeks|Weeks|relevant=${pregnant} = 'yes'
select_one yn|diet|Is a special diet needed?
text|diet_what|Which?|relevant=${diet} = 'yes'
select_one yn|refer|Refer to the clinic?|relevant=${fever} = 'yes' or ${weeks} > 0
---
yn|yes|Yes
yn|no|No
sex|f|Woman
sex|m|Man
sign|pain|Pain
sign|skin|Wounds of the skin
""",
    ),
    "legal aid": (
        "assistance",
        "en",
        """
select_one yn|wants|Does the person want a lawyer?
select_multiple about|about|About what?|relevant=${wants} = 'yes'
text|about_other|What else?|relevant=selected(${about}, 'other')
select_one yn|birth|Is there a birth certificate for each child?
integer|missing|For how many children is there none?|relevant=${birth} = 'no'
select_one sex|lawyer|Should the lawyer be a woman or a man?|relevant=${wants} = 'yes'
calculate|open||calculation=if(${wants} = 'yes', 1, 0)
---
yn|yes|Yes
yn|no|No
about|stay|Permit to stay
about|papers|Papers
about|family|Family
about|other|Other
sex|f|Woman
sex|m|Man
""",
    ),
    "best interests": (
        "child_protection",
        "en",
        """
integer|age|Age as far as it is known
select_one yn|disputed|Is the age in doubt?
calculate|child||calculation=if(${age} < 18 or ${disputed} = 'yes', 'yes', 'no')
select_one care|care|Who looks after the child?|relevant=${child} = 'yes'
text|carer|Name of the carer|relevant=${care} = 'kin'
select_one yn|school|Does the child go to school?|relevant=${age} >= 6
text|wish|What does the child want?|required=${child} = 'yes'
select_one lang|lang|In which language does the child want to talk?
note|word|The talk is in ${lang}.
---
yn|yes|Yes
yn|no|No
care|kin|A relative
care|none|Nobody
lang|ar|Arabic
lang|fr|French
""",
    ),
    "tracing": (
        "tracing",
        "en",
        """
text|name|Full name of the missing person
text|father|Father's name
date|last|When were they last seen?|constraint=. <= today()
text|where|Where were they last seen?
text|born_where|Place of birth
select_one nation|nationality|Nationality
select_one yn|police|Was it reported to the police?
date|when|On which day?|relevant=${police} = 'yes'
text|number|Number of the report|relevant=${police} = 'yes'
image|photo|A photo, if the family wants
calculate|days||calculation=int(decimal-date-time(today()) - decimal-date-time(${last}))
---
yn|yes|Yes
yn|no|No
nation|er|Eritrean
nation|et|Ethiopian
""",
    ),
    "arrival in Arabic": (
        "registration",
        "ar",
        """
date|came|متى وصلتم؟|constraint=. <= today()
integer|people|كم عدد أفراد الأسرة؟
select_one road|road|كيف وصلتم إلى هنا؟
text|road_other|وكيف غير ذلك؟|relevant=${road} = 'other'
select_one nation|nationality|الجنسية
text|nationality_other|ما هي الجنسية الأخرى؟|relevant=${nationality} = 'other'
select_one yn|stateless|هل أنت عديم الجنسية؟
text|papers|ما المساعدة التي تحتاج إليها في الأوراق؟|relevant=${stateless} = 'yes'
select_one yn|debt|هل عليكم دين بسبب الرحلة؟
integer|sum|كم المبلغ؟|relevant=${debt} = 'yes'
calculate|need||calculation=${people} * 2
---
yn|yes|نعم
yn|no|لا
road|foot|سيرًا
road|other|أخرى
nation|sy|سوري
nation|sd|سوداني
nation|other|أخرى
""",
    ),
    "help in Arabic": (
        "assistance",
        "ar",
        """
select_multiple need|needs|ما الذي تحتاجون إليه؟
text|other|وما غير ذلك؟|relevant=selected(${needs}, 'other')
select_one yn|safe|هل تشعرون بالأمان هنا؟
text|fear|ممَّ تخافون؟|relevant=${safe} = 'no'
select_one yn|cert|هل لدى الطفل شهادة ميلاد؟
select_one yn|complaint|هل تعرف كيف تقدم شكوى بشأن خدماتنا؟
note|free|المساعدة لا تتوقف على تعاونك مع أحد.
calculate|count||calculation=count-selected(${needs})
text|law|ما الأوراق المطلوبة؟|relevant=${cert} = 'no'
---
yn|yes|نعم
yn|no|لا
need|water|ماء
need|law|مساعدة قانونية
need|other|أخرى
""",
    ),
    "travail": (
        "screening",
        "fr",
        """
select_one pays|ou|Dans quel pays avez-vous travaillé ?
text|ou_autre|Précisez|relevant=${ou} = 'autre'
select_one on|passeport|Quelqu'un a-t-il gardé votre passeport ?
text|qui|Qui le garde ?|relevant=${passeport} = 'oui'
select_one on|partir|Pouviez-vous partir ?
select_one on|menace|Vous a-t-on menacé de vous dénoncer à la police ?
calculate|signes||calculation=if(${partir} = 'non', 2, 0) + if(${menace} = 'oui', 1, 0)
select_one on|apatride|Êtes-vous apatride ?
text|papiers|Quelle aide pour vos papiers ?|relevant=${apatride} = 'oui'
---
on|oui|Oui
on|non|Non
pays|ly|Libye
pays|tn|Tunisie
pays|autre|Autre
""",
    ),
    "aide": (
        "assistance",
        "fr",
        """
integer|taille|Combien de personnes dans le ménage ?
select_one langue|langue|Dans quelle langue préférez-vous parler ?
calculate|interprete||calculation=if(${langue} = 'fr', 'non', 'oui')
text|motif|Motif de la visite
select_multiple besoin|besoins|De quoi avez-vous besoin ?
text|autre|Autre besoin|relevant=selected(${besoins}, 'autre')
calculate|somme||calculation=${taille} * 30
note|libre|L'aide ne dépend pas d'un témoignage.
---
langue|fr|Français
langue|ar|Arabe
besoin|eau|Eau
besoin|avocat|Avocat
besoin|autre|Autre
""",
    ),
    "registro": (
        "registration",
        "es",
        """
date|llegada|Fecha de llegada|constraint=. <= today()
integer|personas|¿Cuántas personas hay en la familia?
select_one nac|nacionalidad|Nacionalidad
text|nac_otra|¿Cuál?|relevant=${nacionalidad} = 'otra'
select_one sn|deuda|¿Debe dinero por el viaje?
integer|cuanto|¿Cuánto?|relevant=${deuda} = 'si'
select_one sn|menor|¿Es menor de edad?
text|tutor|¿Quién lo cuida?|relevant=${menor} = 'si'
select_one sn|apatrida|¿Es usted apátrida?
text|ayuda|¿Qué ayuda necesita con los papeles?|relevant=${apatrida} = 'si'
---
sn|si|Sí
sn|no|No
nac|ve|Venezolana
nac|co|Colombiana
nac|otra|Otra
""",
    ),
    "анкета": (
        "registration",
        "ru",
        """
date|day|Когда вы прибыли?|constraint=. <= today()
integer|people|Сколько человек в семье?
select_one lang|lang|На каком языке вам удобнее говорить?
calculate|interp||calculation=if(${lang} = 'ru', 0, 1)
select_one yn|debt|Есть ли у вас долг за дорогу?
integer|sum|Сколько?|relevant=${debt} = 'yes'
select_one yn|stateless|Вы лицо без гражданства?
text|help|Какая помощь нужна с документами?|relevant=${stateless} = 'yes'
select_one yn|cert|Есть ли свидетельство о рождении?
text|why|Почему нет?|relevant=${cert} = 'no'
---
yn|yes|Да
yn|no|Нет
lang|ru|Русский
lang|uk|Украинский
""",
    ),
    "distribution": (
        "registration",
        "en",
        """
select_one country|country|Country
select_one region|region|Region|choice_filter=country = ${country}
select_one camp|camp|Camp|choice_filter=region = ${region}
integer|tents|How many tents?
integer|blankets|How many blankets?
calculate|enough||calculation=if(${blankets} >= ${tents} * 4, 'yes', 'no')
text|note|What is missing?|relevant=${enough} = 'no'
---
country|jo|Jordan
country|lb|Lebanon
region|n|North|country=jo
region|b|Bekaa|country=lb
camp|z|Zaatari|region=n
camp|y|Bar Elias|region=b
""",
    ),
    "consent": (
        "registration",
        "en",
        """
select_one lang|lang|Language of this consent
note|in_en|We ask because we want to help you.|relevant=${lang} = 'en'
note|in_ar|نسأل لأننا نريد مساعدتك.|relevant=${lang} = 'ar'
acknowledge|heard|It was read out
select_one yn|agrees|Do you agree?
text|limits|What must not be shared?|relevant=${agrees} = 'yes'
calculate|ok||calculation=if(${agrees} = 'yes', 1, 0)
select_one yn|may_ask|May we ask about your religion? You need not answer.
text|religion|Religion|relevant=${may_ask} = 'yes'
---
yn|yes|Yes
yn|no|No
lang|en|English
lang|ar|Arabic
""",
    ),
}


def sheet(name: str) -> bytes:
    """The XLSForm of a form, as a table in text."""
    _step, language, text = FORMS[name]
    label = f"label::{LANGUAGES.get(language, 'English (en)')}"
    rows, _, choices = text.strip().partition("---")
    survey = [_cells(line, ("type", "name", label)) for line in rows.strip().splitlines()]
    lists = [
        _cells(line, ("list_name", "name", label)) for line in choices.strip().splitlines() if line
    ]
    lines = _table("survey", survey) + (_table("choices", lists) if lists else [])
    form = name.replace(" ", "_")
    lines += _table("settings", [{"form_title": name, "form_id": form, "version": "1"}])
    return "\n".join(lines).encode()


def _cells(line: str, first: tuple[str, ...]) -> dict[str, str]:
    cells = line.split("|")
    found = dict(zip(first, cells, strict=False))
    for cell in cells[len(first) :]:
        column, _, rule = cell.partition("=")
        found[column] = rule
    return found


def _table(name: str, rows: list[dict[str, str]]) -> list[str]:
    head = list(dict.fromkeys(column for one in rows for column in one))
    line = [[one.get(column, "") for column in head] for one in rows]
    return [f"| {name} |", *("| | " + " | ".join(cells) + " |" for cells in [head, *line])]
