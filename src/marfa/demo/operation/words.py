"""What is said and written in the stories: made up, and marked so."""

AREAS = ("safety", "shelter", "health", "work", "family", "wishes")
TOLD = (
    "(demonstration) Locked in where she worked, and never paid",
    "(demonstration) Sold twice on the way, she says",
    "(demonstration) Promised work in a kitchen; there was none",
    "(demonstration) Her papers are with the man who brought her",
    "(توضيحي) قالت إنها عملت سنة كاملة بلا أجر",
    "(توضيحي) وُعدت بعمل، ثم أُخذ جوازها",
    "(démonstration) On lui dit chaque mois que la dette a grandi",
    "(демонстрация) Её не выпускали за ворота",
)
DOUBTS = "(demonstration) It may be a quarrel about wages; help goes on all the same"
GOALS = (
    "(demonstration) A room with a door that I can lock",
    "(demonstration) أن أتعلّم الخياطة",
    "(demonstration) To hear my sister’s voice",
    "(demonstration) Papers in my own name",
)
INTERIM = (
    "(demonstration) She sleeps at the clinic; the nurse knows, and calls at night",
    "(demonstration) Stays with a neighbour whom she trusts; we call at six",
)
LOOKED = "(demonstration) Two houses asked; both are full"
BED = "(demonstration) A bed at the house by the lamp"
MET = (
    "(demonstration) She sleeps, and asks after her sister",
    "(demonstration) He found work at the boat yard; nobody asked for his papers",
    "(demonstration) تأكل جيدًا، وتخاف من المساء",
    "(demonstration) She wants the blue notebook back that is at the gate",
)
MISSED = "(demonstration) The door was locked; the neighbour has seen her this morning"
VOICE = {
    "helps": "(demonstration) I sleep",
    "partly": "(demonstration) The room is good, the waiting is not",
    "not": "(demonstration) Nobody has called me back",
    "not_said": "",
}
CALMER = "(demonstration) She sleeps behind a locked door, and nobody asked for her"
NOTES = (
    "(demonstration) She speaks more freely without the tape on the table",
    "(demonstration) اتفقنا على كلمة السرّ، وهي اسم طائر",
)
OUTCOME = {
    "needs_met": "(demonstration) It is not needed any more",
    "handed_over": "(demonstration) The partner goes on with it",
    "declined": "(demonstration) She wants no more of it, and knows where we are",
}
CLOSED = (
    "(demonstration) She lives with her sister, and wants no more",
    "(demonstration) He went on to his cousin, with papers of his own",
    "(demonstration) Nothing is open, and she said good-bye",
)
AGAIN = "(demonstration) She came back: the man stood before her door"
ASKED = "(demonstration) A bed for women, far from the gate"
SUPPORT = ("shelter", "medical_care", "mental_health_and_psychosocial", "legal_advice")
ANSWERED = {
    "accepted": "(demonstration) She can come today",
    "declined": "(demonstration) All beds are taken until the new moon",
    "returned": "(demonstration) She asked to be nearer to her aunt",
    "question": "(demonstration) May a child of six come with her?",
    "answer": "(demonstration) There is no child",
    "finished": "(demonstration) Eleven nights; she left with a key of her own",
    "withdrawn": "(demonstration) A place nearer by was found",
    "instead": "(demonstration) We asked the house by the lamp instead",
}
WISH = "(demonstration) I want the paper, and not to see him"
REASONS = "(demonstration) The office finds that the contract was in order"
APPEAL = "(demonstration) I signed nothing; I cannot read"
