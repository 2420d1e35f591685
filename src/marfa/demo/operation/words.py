"""What is said and written in the stories: made up, and marked so.

Who works at the sites writes Arabic, the guest partner English. Whom a text is about decides its
form: of a woman or a girl, of a man or a boy. What a person said is in their own words.
"""

from __future__ import annotations

from dataclasses import dataclass

from marfa.apps.registry.models import Person
from marfa.domain.fiction import made_up

AREAS = ("safety", "shelter", "health", "work", "family", "wishes")


@dataclass(frozen=True)
class Text:
    """A text about a person. male: of a man or a boy; empty: it is the same."""

    female: str
    male: str = ""
    language: str = "ar"

    def of(self, person: Person) -> str:
        """As it is written about this person."""
        form = self.male if self.male and person.sex == "male" else self.female
        return made_up(form, self.language) if form else ""


TOLD = (
    Text(
        "كانت محبوسة في مكان عملها، ولم تتقاضَ أجرًا قط",
        "كان محبوسًا في مكان عمله، ولم يتقاضَ أجرًا قط",
    ),
    Text("تقول إنها بيعت مرتين في الطريق", "يقول إنه بيع مرتين في الطريق"),
    Text("وُعدت بعمل في مطبخ، ولم يكن هناك عمل", "وُعد بعمل في مطبخ، ولم يكن هناك عمل"),
    Text("أوراقها عند الرجل الذي أحضرها", "أوراقه عند الرجل الذي أحضره"),
    Text("قالت إنها عملت سنة كاملة بلا أجر", "قال إنه عمل سنة كاملة بلا أجر"),
    Text("وُعدت بعمل، ثم أُخذ جواز سفرها", "وُعد بعمل، ثم أُخذ جواز سفره"),
    Text("يقولون لها كل شهر إن الدَّين زاد", "يقولون له كل شهر إن الدَّين زاد"),
    Text("لم يُسمح لها بالخروج من البوابة", "لم يُسمح له بالخروج من البوابة"),
)
DOUBTS = Text("قد يكون خلافًا على الأجر؛ والمساعدة مستمرة في كل الأحوال")
GOALS = (
    Text("غرفة لها باب أستطيع إقفاله"),
    Text("أن أتعلّم الخياطة"),
    Text("أن أسمع صوت أختي"),
    Text("أوراق باسمي أنا"),
)
INTERIM = (
    Text(
        "تنام في العيادة؛ والممرضة على علم بذلك، وتتصل ليلًا",
        "ينام في العيادة؛ والممرض على علم بذلك، ويتصل ليلًا",
    ),
    Text("تقيم عند جارة تثق بها؛ ونتصل في السادسة", "يقيم عند جار يثق به؛ ونتصل في السادسة"),
)
LOOKED = Text("سألنا دارين للإيواء، ولا مكان فيهما")
BED = Text("وُجد سرير في دار المصباح")
MET = (
    Text("تنام جيدًا، وتسأل عن أختها", "ينام جيدًا، ويسأل عن أخته"),
    Text(
        "وجدت عملًا في مشغل للخياطة، ولم يسألها أحد عن أوراقها",
        "وجد عملًا في ورشة للقوارب، ولم يسأله أحد عن أوراقه",
    ),
    Text("تأكل جيدًا، وتخاف من المساء", "يأكل جيدًا، ويخاف من المساء"),
    Text(
        "تريد استعادة الدفتر الأزرق الذي بقي عند البوابة",
        "يريد استعادة الدفتر الأزرق الذي بقي عند البوابة",
    ),
)
MISSED = Text("كان الباب مقفلًا؛ رأتها الجارة هذا الصباح", "كان الباب مقفلًا؛ رآه الجار هذا الصباح")
VOICE = {
    "helps": Text("صرت أنام"),
    "partly": Text("الغرفة جيدة، أما الانتظار فلا"),
    "not": Text("لم يعاود أحد الاتصال بي"),
    "not_said": Text(""),
}
CALMER = Text("تنام خلف باب مقفل، ولم يسأل عنها أحد", "ينام خلف باب مقفل، ولم يسأل عنه أحد")
NOTES = (
    Text(
        "تتكلم بحرية أكبر حين لا يكون المسجّل على الطاولة",
        "يتكلم بحرية أكبر حين لا يكون المسجّل على الطاولة",
    ),
    Text("اتفقنا على كلمة السرّ، وهي اسم طائر"),
)
OUTCOME = {
    "needs_met": Text("لم تعد هناك حاجة إليها"),
    "handed_over": Text("تتابعها الجهة الشريكة"),
    "declined": Text("لا تريد المزيد، وتعرف أين تجدنا", "لا يريد المزيد، ويعرف أين يجدنا"),
}
CLOSED = (
    Text("تعيش مع أختها، ولا تريد المزيد", "يعيش مع أخته، ولا يريد المزيد"),
    Text("سافرت إلى ابنة عمها بأوراق باسمها", "سافر إلى ابن عمه بأوراق باسمه"),
    Text("لم يبقَ شيء معلّق، وقد ودّعتنا", "لم يبقَ شيء معلّق، وقد ودّعنا"),
)
AGAIN = Text("عادت: وقف الرجل أمام بابها", "عاد: وقف الرجل أمام بابه")
ASKED = {
    "shelter": Text("سرير للنساء بعيدًا عن البوابة", "سرير في قسم الرجال بعيدًا عن البوابة"),
    "medical_care": Text("فحص عند طبيبة هذا الأسبوع", "فحص عند طبيب هذا الأسبوع"),
    "mental_health_and_psychosocial": Text("جلسات دعم نفسي، في الصباح إن أمكن"),
    "legal_advice": Text("محامية تشرح لها أوراقها", "محامٍ يشرح له أوراقه"),
}
SUPPORT = tuple(ASKED)
ANSWERED = {
    "accepted": Text("يمكنها المجيء اليوم", "يمكنه المجيء اليوم"),
    "declined": Text("لا مكان شاغرًا قبل أول الشهر"),
    "returned": Text("طلبت أن تكون أقرب إلى خالتها", "طلب أن يكون أقرب إلى خاله"),
    "question": Text("هل يأتي معها طفل في السادسة؟", "هل يأتي معه طفل في السادسة؟"),
    "answer": Text("لا يوجد طفل معها", "لا يوجد طفل معه"),
    "finished": Text("تمّ ما طُلب، وهي تعرف بمن تتصل", "تمّ ما طُلب، وهو يعرف بمن يتصل"),
    "withdrawn": Text("عُثر على مكان أقرب"),
    "instead": Text("سألنا دار المصباح بدلًا من ذلك"),
}
BY_PARTNER = {
    "accepted": Text("She can come today", "He can come today", "en"),
    "declined": Text("There is no free place before the new month", language="en"),
    "returned": Text(
        "She asked to be nearer to her aunt", "He asked to be nearer to his uncle", "en"
    ),
    "question": Text(
        "Does a child of six come with her?", "Does a child of six come with him?", "en"
    ),
    "finished": Text(
        "Done as asked; she knows whom to call", "Done as asked; he knows whom to call", "en"
    ),
}
"""What the guest partner answers."""
WISH = Text("أريد الوثيقة، ولا أريد أن أراه")
REASONS = Text("يرى المكتب أن العقد كان سليمًا")
APPEAL = Text("لم أوقّع شيئًا؛ فأنا لا أعرف القراءة")
WISHES = {
    "ar": ("أن أتصل بأختي.", "أن أنام بسلام.", "ألّا يُقال شيء لابن عمي.", ""),
    "en": ("To call my sister.", "To sleep in peace.", "That nobody tells my cousin.", ""),
    "fr": ("Appeler ma sœur.", "Dormir en paix.", "Qu’on ne dise rien à mon cousin.", ""),
    "ru": (
        *("Позвонить сестре.", "Спать спокойно."),
        *("Чтобы двоюродному брату ничего не говорили.", ""),
    ),
}
"""What people wish at the end of a talk, by the language of the talk."""
TIRED = Text("كانت متعبة، وتريد أن تكمل غدًا.", "كان متعبًا، ويريد أن يكمل غدًا.")
NOT_ALONE = Text("رفض ابن عمها مغادرة الغرفة.", "رفض ابن عمه مغادرة الغرفة.")
LOWER = Text("أوراقها عند أختها، لا عند صاحب عمل.", "أوراقه عند أخته، لا عند صاحب عمل.")
HIGHER = Text("كانت تنظر إلى الباب قبل كل جواب.", "كان ينظر إلى الباب قبل كل جواب.")
REACH = Text("عن طريق كشك الشاي، في الصباح.")
