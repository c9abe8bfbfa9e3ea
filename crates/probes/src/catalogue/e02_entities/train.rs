//! Document frames of the training split.

/// By kind.
pub(super) const FRAMES: &[(&str, &[&str])] = &[
    (
        "news",
        &[
            "A {C} è stato presentato il {D} il nuovo piano del traffico. Contrario il consigliere {S}.",
            "{PF} guiderà la delegazione in {N}: il viaggio comincia il {D}.",
            "Ladri in azione in {V}. Il proprietario, {PM}, se n'è accorto solo il {DM}.",
            "Cinque feriti nell'incidente del {D} alle porte di {C}.",
            "{PM} torna in televisione. Il programma, registrato a {C}, va in onda dal {DM}.",
            "Alluvione in {R}: il prefetto {S} chiede aiuti immediati.",
            "Il premio per la ricerca va a {PF} e a {PF}.",
            "Il {D} si inaugura a {C} la biblioteca voluta da {PM}.",
        ],
    ),
    (
        "admin",
        &[
            "Il socio {PM} ha pagato la quota il {DS}.",
            "Si convoca l'assemblea a {C}, in {V}, per il giorno {D}.",
            "La licenza di {PF} scade il {DS} e non vale in {N}.",
            "Il preventivo del {DS}, firmato da {PM}, è stato accettato.",
            "La signora {PF} ha denunciato lo smarrimento della carta a {C} il {DS}.",
            "Turni: {PM} dal {DM}, {PF} dal {DM2}.",
            "Le iscrizioni si ricevono a {C} dal {DS} al {DS2}.",
            "Il geometra {S} ha eseguito il sopralluogo di {V} in data {DS}.",
        ],
    ),
    (
        "biography",
        &[
            "{PM}, nato a {C} il {B}, fu tra i primi ad aprire un'officina in {N}.",
            "Dal {Y} al {Y2} {PF} diresse il conservatorio e visse in {V}.",
            "La madre di {PF} era di {C}, il padre arrivava dalla {NF}.",
            "{PF} pubblicò il primo disco nel {Y} e l'ultimo nel {Y2}.",
            "Il {DOLD} {PM} partì per la {NF} e non scrisse più a nessuno.",
            "Lo storico {PM} visse a {C}; gli archivi li ordinò {PF}.",
            "A {C} la ballerina {PF} conobbe nel {Y} il marito {PM}.",
            "Il falegname {PM} morì a {C} nel {Y2}.",
        ],
    ),
    (
        "travel",
        &[
            "Da {C} si vola in {N} tutti i giorni fino al {DM}.",
            "Ho visto {C} per la prima volta il {D}, insieme a {PF}.",
            "Ostello pieno a {C}: dormiremo da {PM} in {V}.",
            "In {R} il tempo è stato bello; a {C} invece ha piovuto.",
            "{PF} ci aspetta a {C} il {DM} con le chiavi del camper.",
            "Il corso di vela parte da {C}; l'istruttrice è {PF}.",
            "Da {C} a {C} ci vogliono due ore, dice {PM}.",
            "Rientro dalla {NF} il {D}, poi subito a {C}.",
        ],
    ),
    (
        "ambiguous",
        &[
            "Svolgere gli esercizi dal 7 al 15 per il {D}.",
            "Il signor {S} abita ai numeri dal 2 al 4 di {V}.",
            "{PF} ha corso i dieci chilometri di {C} tra 40 e 45 minuti.",
            "Le stanze dalla 11 alla 19 sono riservate al gruppo di {C}.",
            "Al piano terra c'è {PM}, ai piani dal 2 al 5 gli uffici di {C}.",
            "La rosa, la viola e il giglio sono i fiori preferiti di {PF}.",
        ],
    ),
    (
        "empty",
        &[
            "I numeri dal {k1} al {k2} sono stati estratti.",
            "Servono da {k1} a {k2} viti per montare lo scaffale.",
            "Il capo ha chiesto silenzio e ha distribuito {k1} fogli.",
            "La maestra ha letto {k1} poesie e i bambini hanno applaudito.",
            "Attendere {k1} minuti e poi mescolare per altri {k2}.",
            "Gli ospiti hanno mangiato {k2} torte e bevuto poco vino.",
        ],
    ),
];
