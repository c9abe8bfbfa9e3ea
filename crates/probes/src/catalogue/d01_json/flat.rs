//! Flat objects: strings, numbers, dates, times and truth values.

use super::Frame;

pub(super) const FRAMES: &[Frame] = &[
    Frame {
        id: "order",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"customer":{"type":"string"},"product":{"type":"string"},"quantity":{"type":"integer"},"unit_price":{"type":"number"},"express":{"type":"boolean"}},"required":["customer","product","quantity","unit_price","express"],"additionalProperties":false}"#,
        gold: r#"{"customer":"<who>","product":"<what>","quantity":<n.1>,"unit_price":<what.1>,"express":<ship.1>}"#,
        texts: &[
            ["<who> ordered <n> units of the <what> at <what.1> euros each. <ship>", ""],
            [
                "New order in the web shop. Article: <what>. Unit price: <what.1> euros. Number of pieces: <n>. The buyer is <who>. <ship>",
                "",
            ],
            [
                "Please prepare <n> boxes, each with one <what>. We agreed on <what.1> euros per piece. The invoice goes to <who>. <ship>",
                "",
            ],
            ["The <what> costs <what.1> euros apiece and <who> wants <n> of them. <ship>", ""],
        ],
        slots: &[
            (
                "who",
                &[
                    "Nadia Ferrow",
                    "Colin Hartley",
                    "Ruth Abernathy",
                    "Tomasz Wilk",
                    "Greta Lindqvist",
                    "Samuel Okoro",
                    "Helen Prior",
                    "Dev Malhotra",
                ],
            ),
            (
                "what",
                &[
                    "Alder Desk Lamp|34.50",
                    "Kestrel Rucksack|62.25",
                    "Harbour Mug|9.80",
                    "Lumen Torch|17.40",
                    "Brook Kettle|41.75",
                    "Sable Notebook|6.20",
                    "Orla Cushion|22.90",
                    "Pike Umbrella|28.60",
                ],
            ),
            ("n", &["3|3", "four|4", "7|7", "twelve|12", "15|15", "six|6", "9|9", "twenty|20"]),
            ("ship", &["Express delivery was asked for.|true", "There is no need for express delivery.|false"]),
        ],
    },
    Frame {
        id: "flight",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"flight":{"type":"string"},"origin":{"type":"string","description":"city"},"destination":{"type":"string","description":"city"},"departure":{"type":"string","description":"HH:MM, 24 hours"},"delay_minutes":{"type":"integer"}},"required":["flight","origin","destination","departure","delay_minutes"],"additionalProperties":false}"#,
        gold: r#"{"flight":"<no>","origin":"<from>","destination":"<to>","departure":"<at.1>","delay_minutes":<late.1>}"#,
        texts: &[
            ["Flight <no> from <from> to <to> is due to leave at <at>, but it is running <late> minutes late.", ""],
            [
                "Attention please: there is a delay of <late> minutes for <no>. The flight takes off in <from>, scheduled departure <at>, and lands in <to>.",
                "",
            ],
            [
                "I am flying to <to> with <no>. On the ticket the departure from <from> is at <at>, and the app shows <late> minutes of delay.",
                "",
            ],
            [
                "From the loudspeaker in <from>: passengers to <to> on <no>, your flight was scheduled for <at> and is now delayed by <late> minutes.",
                "",
            ],
        ],
        slots: &[
            ("no", &["QF 418", "NV 2207", "ZT 93", "KX 761", "RB 1340", "WL 556", "HP 87", "OD 3012"]),
            ("from", &["Porto", "Gdansk", "Leeds", "Lyon", "Bergen", "Seville"]),
            ("to", &["Vienna", "Oslo", "Cork", "Malta", "Zagreb", "Riga"]),
            (
                "at",
                &[
                    "14:35|14:35",
                    "half past six in the morning|06:30",
                    "21:10|21:10",
                    "a quarter past nine in the evening|21:15",
                    "07:55|07:55",
                    "16:20|16:20",
                    "12:40|12:40",
                    "11:05|11:05",
                ],
            ),
            ("late", &["25|25", "forty|40", "15|15", "70|70", "ten|10", "95|95"]),
        ],
    },
    Frame {
        id: "sensor",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"sensor":{"type":"string","description":"id"},"room":{"type":"string"},"temperature_c":{"type":"number"},"humidity_percent":{"type":"integer"},"battery_low":{"type":"boolean"}},"required":["sensor","room","temperature_c","humidity_percent","battery_low"],"additionalProperties":false}"#,
        gold: r#"{"sensor":"<id>","room":"<room>","temperature_c":<t.1>,"humidity_percent":<h.1>,"battery_low":<b.1>}"#,
        texts: &[
            ["Sensor <id> in the room \"<room>\" reports <t> degrees Celsius and <h> percent humidity; <b>.", ""],
            ["Room: \"<room>\". Humidity <h> percent, temperature <t> °C, measured by <id>. Remark: <b>.", ""],
            [
                "The reading of <id> has just come in: it is <t> degrees Celsius in \"<room>\", the humidity is at <h> percent, and <b>.",
                "",
            ],
            [
                "In \"<room>\" the air holds <h> percent humidity at <t> degrees Celsius. The device is <id>, and <b>.",
                "",
            ],
        ],
        slots: &[
            ("id", &["TH-07", "K2-115", "env.33", "S-9041", "hall-b4", "DX18", "TH-64", "env.08"]),
            ("room", &["cold store", "archive", "server room", "greenhouse", "workshop", "wine cellar"]),
            (
                "t",
                &[
                    "4.5|4.5",
                    "18.2|18.2",
                    "minus 3|-3",
                    "21|21",
                    "11.7|11.7",
                    "26.4|26.4",
                    "7.9|7.9",
                    "minus 12.5|-12.5",
                ],
            ),
            ("h", &["41|41", "58|58", "33|33", "72|72", "65|65", "49|49"]),
            ("b", &["its battery is nearly empty|true", "its battery is full|false"]),
        ],
    },
    Frame {
        id: "book",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"title":{"type":"string"},"author":{"type":"string"},"year":{"type":"integer"},"pages":{"type":"integer"},"signed":{"type":"boolean"}},"required":["title","author","year","pages","signed"],"additionalProperties":false}"#,
        gold: r#"{"title":"<title>","author":"<who>","year":<y.1>,"pages":<p.1>,"signed":<s.1>}"#,
        texts: &[
            ["For sale: \"<title>\" by <who>, published in <y>, <p> pages, <s>.", ""],
            [
                "On the shelf I found a <p>-page novel by <who>. It came out in <y>, it is called \"<title>\", and the copy is <s>.",
                "",
            ],
            ["<who> wrote \"<title>\" in one summer; it appeared in <y>. Our copy has <p> pages and is <s>.", ""],
            [
                "Catalogue card. Author: <who>. Title: \"<title>\". Pages: <p>. Year of publication: <y>. The copy is <s>.",
                "",
            ],
        ],
        slots: &[
            (
                "title",
                &[
                    "The Salt Road",
                    "Nine Quiet Rooms",
                    "A Map of Rain",
                    "The Clockmaker's Orchard",
                    "Beneath the Ferry",
                    "Winter Tenants",
                    "The Glass Ladder",
                    "Letters to a Lighthouse",
                ],
            ),
            (
                "who",
                &[
                    "Marian Tolle",
                    "Edgar Finch",
                    "Ilse Brandt",
                    "Oscar Penhale",
                    "Joan Whitlow",
                    "Rafael Quint",
                    "Dora Maddern",
                    "Hugh Castellan",
                ],
            ),
            ("y", &["1962|1962", "1987|1987", "2004|2004", "1931|1931", "2016|2016", "1975|1975"]),
            ("p", &["212|212", "348|348", "96|96", "507|507", "164|164", "280|280"]),
            ("s", &["signed by the author|true", "not signed|false"]),
        ],
    },
    Frame {
        id: "albergo",
        kind: "flat",
        lang: "it",
        schema: r#"{"type":"object","properties":{"ospite":{"type":"string"},"camera":{"type":"integer"},"notti":{"type":"integer"},"arrivo":{"type":"string","description":"AAAA-MM-GG"},"colazione":{"type":"boolean"}},"required":["ospite","camera","notti","arrivo","colazione"],"additionalProperties":false}"#,
        gold: r#"{"ospite":"<chi>","camera":<c.1>,"notti":<n.1>,"arrivo":"<g.1>","colazione":<b.1>}"#,
        texts: &[
            ["<chi> arriva il <g> e resta <n> notti nella camera <c>, <b>.", ""],
            ["Abbiamo riservato la camera <c> per <n> notti a nome di <chi>. L'arrivo è previsto per il <g>, <b>.", ""],
            ["Nuova prenotazione: ospite <chi>, camera <c>, arrivo <g>, durata <n> notti, <b>.", ""],
            ["La camera <c> è occupata per <n> notti a partire dal <g>. L'ospite è <chi> e il soggiorno è <b>.", ""],
        ],
        slots: &[
            (
                "chi",
                &[
                    "Marta Bellandi",
                    "Giulio Ferraris",
                    "Ornella Zanchi",
                    "Pietro Salvemini",
                    "Irene Donati",
                    "Sandro Colla",
                ],
            ),
            ("c", &["12|12", "204|204", "31|31", "118|118", "7|7", "309|309"]),
            ("n", &["tre|3", "2|2", "cinque|5", "4|4", "sette|7", "6|6"]),
            (
                "g",
                &[
                    "5 maggio 2031|2031-05-05",
                    "18 giugno 2030|2030-06-18",
                    "22 settembre 2031|2031-09-22",
                    "3 gennaio 2032|2032-01-03",
                    "30 agosto 2030|2030-08-30",
                    "14 febbraio 2032|2032-02-14",
                ],
            ),
            ("b", &["con la colazione inclusa|true", "senza colazione|false"]),
        ],
    },
    Frame {
        id: "animale",
        kind: "flat",
        lang: "it",
        schema: r#"{"type":"object","properties":{"nome":{"type":"string"},"razza":{"type":"string"},"anni":{"type":"integer"},"peso_kg":{"type":"number"},"vaccinato":{"type":"boolean"}},"required":["nome","razza","anni","peso_kg","vaccinato"],"additionalProperties":false}"#,
        gold: r#"{"nome":"<a>","razza":"<a.1>","anni":<e.1>,"peso_kg":<a.3>,"vaccinato":<v.1>}"#,
        texts: &[
            ["<a> è un <a.1> di <e> anni, pesa <a.2> chili; il cane <v>.", ""],
            [
                "Scheda del cane: nome <a>, razza <a.1>, età <e> anni, peso <a.2> kg. Nota del veterinario: il cane <v>.",
                "",
            ],
            [
                "Abbiamo visitato <a>, un <a.1>. La bilancia segna <a.2> kg, i proprietari dicono che ha <e> anni e che <v>.",
                "",
            ],
            ["Cerchiamo casa per un <a.1> di nome <a>: ha <e> anni, pesa <a.2> chili; il cane <v>.", ""],
        ],
        slots: &[
            (
                "a",
                &[
                    "Brio|beagle|12,4|12.4",
                    "Fiocco|maltese|3,6|3.6",
                    "Argo|labrador|31,5|31.5",
                    "Pepe|barboncino|6,8|6.8",
                    "Tuono|mastino|54,2|54.2",
                    "Birillo|bassotto|8,3|8.3",
                ],
            ),
            ("e", &["due|2", "5|5", "nove|9", "7|7", "11|11", "tre|3"]),
            ("v", &["è già vaccinato|true", "non è ancora vaccinato|false"]),
        ],
    },
];
