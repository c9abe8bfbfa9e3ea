//! Objects within objects.

use super::Frame;

pub(super) const FRAMES: &[Frame] = &[
    Frame {
        id: "contact",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"person":{"type":"object","properties":{"first_name":{"type":"string"},"last_name":{"type":"string"}},"required":["first_name","last_name"],"additionalProperties":false},"address":{"type":"object","properties":{"street":{"type":"string"},"number":{"type":"integer"},"city":{"type":"string"}},"required":["street","number","city"],"additionalProperties":false},"newsletter":{"type":"boolean"}},"required":["person","address","newsletter"],"additionalProperties":false}"#,
        gold: r#"{"person":{"first_name":"<f>","last_name":"<l>"},"address":{"street":"<s>","number":<k.1>,"city":"<c>"},"newsletter":<w.1>}"#,
        texts: &[
            ["My name is <f> <l>, I live at <k> <s> in <c>, and <w>.", ""],
            [
                "New entry for the address book: <l>, <f>; <k> <s>, <c>. As to the newsletter, the note says: \"<w>\".",
                "",
            ],
            [
                "Please change my address. I used to rent a flat elsewhere, now I am at <k> <s>, <c>. Also, <w>. Signed, <f> <l>.",
                "",
            ],
            [
                "<f> has moved to <c>. The family name is still <l>, the house is number <k> in <s>. On the form it says: \"<w>\".",
                "",
            ],
        ],
        slots: &[
            ("f", &["Audrey", "Malcolm", "Priya", "Stellan", "Bronwen", "Jasper", "Noor", "Cedric"]),
            ("l", &["Tennant", "Ashworth", "Kowal", "Birch", "Delaney", "Ingram", "Sorley", "Vance"]),
            ("s", &["Mill Lane", "Harcourt Road", "Tanner Street", "Abbey Hill", "Quarry Close", "Linden Avenue"]),
            ("k", &["14|14", "203|203", "8|8", "57|57", "31|31", "126|126"]),
            ("c", &["Dunmore", "Aldbury", "Westhaven", "Corrie", "Penfold", "Stanwick"]),
            ("w", &["I would like the newsletter|true", "I do not want the newsletter|false"]),
        ],
    },
    Frame {
        id: "invoice",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"invoice":{"type":"object","properties":{"number":{"type":"string"},"date":{"type":"string","description":"YYYY-MM-DD"}},"required":["number","date"],"additionalProperties":false},"line":{"type":"object","properties":{"item":{"type":"string"},"quantity":{"type":"integer"},"price":{"type":"number","description":"per unit"}},"required":["item","quantity","price"],"additionalProperties":false},"paid":{"type":"boolean"}},"required":["invoice","line","paid"],"additionalProperties":false}"#,
        gold: r#"{"invoice":{"number":"<no>","date":"<d.1>"},"line":{"item":"<i>","quantity":<q.1>,"price":<i.1>},"paid":<p.1>}"#,
        texts: &[
            ["Invoice <no> of <d>: <q> x \"<i>\" at <i.1> dollars each. The invoice <p>.", ""],
            [
                "On <d> we billed <q> units of \"<i>\" at <i.1> dollars per unit. The invoice has the number <no> and <p>.",
                "",
            ],
            [
                "Our records show that invoice <no> <p>. It is dated <d> and has one line, \"<i>\", quantity <q>, unit price <i.1> dollars.",
                "",
            ],
            [
                "Line item: \"<i>\". Count: <q>. Price of one unit: <i.1> dollars. Invoice no. <no>, issued on <d>. Status: it <p>.",
                "",
            ],
        ],
        slots: &[
            ("no", &["R-2031-44", "INV0918", "77/B", "A-5520", "2030-117", "GX-6"]),
            (
                "d",
                &[
                    "4 March 2031|2031-03-04",
                    "19 October 2030|2030-10-19",
                    "27 January 2032|2032-01-27",
                    "8 July 2031|2031-07-08",
                    "30 November 2030|2030-11-30",
                    "12 April 2032|2032-04-12",
                ],
            ),
            (
                "i",
                &[
                    "toner cartridge|48.50",
                    "oak shelf board|19.90",
                    "window seal|7.25",
                    "garden hose|33.40",
                    "desk fan|26.80",
                    "paint roller|5.60",
                ],
            ),
            ("q", &["three|3", "10|10", "25|25", "two|2", "40|40", "eight|8"]),
            ("p", &["has been paid|true", "has not been paid yet|false"]),
        ],
    },
    Frame {
        id: "match",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"home":{"type":"object","properties":{"team":{"type":"string"},"goals":{"type":"integer"}},"required":["team","goals"],"additionalProperties":false},"away":{"type":"object","properties":{"team":{"type":"string"},"goals":{"type":"integer"}},"required":["team","goals"],"additionalProperties":false},"spectators":{"type":"integer"}},"required":["home","away","spectators"],"additionalProperties":false}"#,
        gold: r#"{"home":{"team":"<h>","goals":<g.1>},"away":{"team":"<a>","goals":<g.3>},"spectators":<s.1>}"#,
        texts: &[
            [
                "In front of <s> spectators <h> played at home against <a>. At the final whistle the hosts had scored <g> and the guests <g.2>.",
                "",
            ],
            [
                "<a> travelled to <h>. The visitors scored <g.2>, the home side <g>. The match was watched by <s> spectators.",
                "",
            ],
            ["Final score: <h> (home) <g>, <a> (away) <g.2>. Spectators: <s>.", ""],
            [
                "There were <s> spectators in the ground of <h>. The team from <a> put the ball in the net <g.2> times, the hosts <g> times.",
                "",
            ],
        ],
        slots: &[
            ("h", &["Redmoor", "Oakvale", "Port Ellis", "Hallgate", "Trenholm", "Silverdale"]),
            ("a", &["Northcliff", "Ferncombe", "Lakeby", "Stonebury", "Marlow Heath", "Eastfold"]),
            ("g", &["3|3|2|2", "4|4|6|6", "2|2|5|5", "5|5|4|4", "6|6|3|3", "7|7|2|2"]),
            ("s", &["840|840", "1250|1250", "5600|5600", "312|312", "980|980", "2075|2075"]),
        ],
    },
    Frame {
        id: "ticket",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"event":{"type":"object","properties":{"title":{"type":"string"},"starts":{"type":"string","description":"HH:MM, 24 hours"}},"required":["title","starts"],"additionalProperties":false},"seat":{"type":"object","properties":{"row":{"type":"string"},"number":{"type":"integer"}},"required":["row","number"],"additionalProperties":false},"holder":{"type":"string"},"price":{"type":"number"}},"required":["event","seat","holder","price"],"additionalProperties":false}"#,
        gold: r#"{"event":{"title":"<e>","starts":"<t.1>"},"seat":{"row":"<r>","number":<k.1>},"holder":"<w>","price":<p.1>}"#,
        texts: &[
            ["This ticket for \"<e>\" belongs to <w>. Row <r>, seat <k>. It starts at <t>. Price: <p> euros.", ""],
            ["<w> has paid <p> euros to see \"<e>\" from seat <k> in row <r>; the curtain rises at <t>.", ""],
            [
                "Your seat is number <k>, row <r>. \"<e>\" begins at <t>. The price of the ticket was <p> euros. The holder is <w>.",
                "",
            ],
            [
                "We sold one more ticket for \"<e>\", which begins at <t>: row <r>, seat <k>, <p> euros. It is made out to <w>.",
                "",
            ],
        ],
        slots: &[
            (
                "e",
                &[
                    "The Paper Moon",
                    "Evening of Strings",
                    "Dust and Honey",
                    "The Last Tram",
                    "Songs for Two Pianos",
                    "A Stranger at Supper",
                ],
            ),
            (
                "t",
                &[
                    "19:30|19:30",
                    "eight in the evening|20:00",
                    "15:00|15:00",
                    "20:45|20:45",
                    "half past three in the afternoon|15:30",
                    "18:15|18:15",
                ],
            ),
            ("r", &["C", "F", "K", "M", "B", "H"]),
            ("k", &["4|4", "17|17", "22|22", "9|9", "31|31", "12|12"]),
            ("w", &["Leonie Marsh", "Adam Pettifer", "Sunita Rao", "Viktor Hale", "Moira Keating", "Felix Aubrey"]),
            ("p", &["24.50|24.5", "18|18", "39.90|39.9", "55|55", "12.75|12.75", "27|27"]),
        ],
    },
    Frame {
        id: "spedizione",
        kind: "nested",
        lang: "it",
        schema: r#"{"type":"object","properties":{"mittente":{"type":"object","properties":{"nome":{"type":"string"},"citta":{"type":"string"}},"required":["nome","citta"],"additionalProperties":false},"destinatario":{"type":"object","properties":{"nome":{"type":"string"},"citta":{"type":"string"}},"required":["nome","citta"],"additionalProperties":false},"pacco":{"type":"object","properties":{"peso_kg":{"type":"number"},"fragile":{"type":"boolean"}},"required":["peso_kg","fragile"],"additionalProperties":false}},"required":["mittente","destinatario","pacco"],"additionalProperties":false}"#,
        gold: r#"{"mittente":{"nome":"<m>","citta":"<mc>"},"destinatario":{"nome":"<d>","citta":"<dc>"},"pacco":{"peso_kg":<p.1>,"fragile":<f.1>}}"#,
        texts: &[
            ["<m> di <mc> spedisce un pacco a <d> di <dc>. Pesa <p> chili; il contenuto <f>.", ""],
            ["Il pacco è per <d>, che abita a <dc>. Lo manda <m> da <mc>. Peso <p> kg; il contenuto <f>.", ""],
            [
                "Etichetta. Mittente: <m>, <mc>. Destinatario: <d>, <dc>. Peso: <p> kg. Avvertenza: il contenuto <f>.",
                "",
            ],
            [
                "A <dc> <d> aspetta un pacco di <p> chili, che <f>. È partito ieri da <mc>, dove lo ha consegnato <m>.",
                "",
            ],
        ],
        slots: &[
            ("m", &["Bruno Casali", "Lidia Morante", "Ettore Piva", "Silvia Rocchi", "Dario Fontanel", "Carla Usai"]),
            ("mc", &["Udine", "Lecce", "Pavia", "Terni", "Cuneo", "Matera"]),
            ("d", &["Bianca Corti", "Fabio Lenzi", "Teresa Vallini", "Ugo Marchetti", "Nives Tosi", "Renzo Bardi"]),
            ("dc", &["Trapani", "Rimini", "Como", "Grosseto", "Belluno", "Foggia"]),
            ("p", &["2,5|2.5", "4|4", "11,8|11.8", "0,9|0.9", "7,2|7.2", "15|15"]),
            ("f", &["è fragile|true", "non è fragile|false"]),
        ],
    },
    Frame {
        id: "visita",
        kind: "nested",
        lang: "it",
        schema: r#"{"type":"object","properties":{"paziente":{"type":"object","properties":{"nome":{"type":"string"},"eta":{"type":"integer"}},"required":["nome","eta"],"additionalProperties":false},"visita":{"type":"object","properties":{"data":{"type":"string","description":"AAAA-MM-GG"},"ora":{"type":"string","description":"HH:MM, 24 ore"}},"required":["data","ora"],"additionalProperties":false},"stanza":{"type":"integer"}},"required":["paziente","visita","stanza"],"additionalProperties":false}"#,
        gold: r#"{"paziente":{"nome":"<n>","eta":<e.1>},"visita":{"data":"<g.1>","ora":"<o.1>"},"stanza":<s.1>}"#,
        texts: &[
            ["<n>, <e> anni, ha una visita il <g> alle <o> nella stanza <s>.", ""],
            ["Promemoria: la visita di <n> è fissata per il <g>, ore <o>, stanza <s>. Età del paziente: <e> anni.", ""],
            ["Il <g> alle <o> la dottoressa riceve nella stanza <s> <n>, che ha <e> anni.", ""],
            ["Stanza <s>, ore <o> del <g>: tocca a <n>. Secondo la cartella ha <e> anni.", ""],
        ],
        slots: &[
            ("n", &["Claudio Greco", "Fulvia Neri", "Dino Prandi", "Loredana Assisi", "Mario Tedesco", "Ines Garau"]),
            ("e", &["34|34", "71|71", "58|58", "26|26", "45|45", "83|83"]),
            (
                "g",
                &[
                    "9 aprile 2031|2031-04-09",
                    "21 luglio 2030|2030-07-21",
                    "2 dicembre 2031|2031-12-02",
                    "16 marzo 2032|2032-03-16",
                    "28 ottobre 2030|2030-10-28",
                    "11 novembre 2031|2031-11-11",
                ],
            ),
            ("o", &["10:15|10:15", "16:40|16:40", "8:30|08:30", "14:05|14:05", "17:20|17:20", "9:45|09:45"]),
            ("s", &["3|3", "12|12", "5|5", "21|21", "8|8", "17|17"]),
        ],
    },
];
