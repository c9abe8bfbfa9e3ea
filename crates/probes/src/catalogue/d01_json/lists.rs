//! Arrays, and values from a given list.

use super::Frame;

pub(super) const FRAMES: &[Frame] = &[
    Frame {
        id: "recipe",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"dish":{"type":"string"},"difficulty":{"enum":["easy","medium","hard"]},"ingredients":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"grams":{"type":"integer"}},"required":["name","grams"],"additionalProperties":false},"description":"in the order of the text"}},"required":["dish","difficulty","ingredients"],"additionalProperties":false}"#,
        gold: r#"{"dish":"<d>","difficulty":"<l>","ingredients":[{"name":"<d.1>","grams":<d.2>},{"name":"<d.3>","grams":<d.4>}]}"#,
        texts: &[
            ["\"<d>\" needs two things: <d.2> grams of <d.1> and <d.4> grams of <d.3>. It is rated <l>.", ""],
            ["Difficulty: <l>. To make \"<d>\", weigh <d.2> g of <d.1>, then add <d.4> g of <d.3>.", ""],
            [
                "My aunt calls it \"<d>\". She takes <d.2> grams of <d.1> and <d.4> grams of <d.3>. In her notebook the recipe is marked as <l>.",
                "",
            ],
            [
                "Today in class we cook \"<d>\", a recipe of the level <l>. Each table gets <d.2> grams of <d.1> and <d.4> grams of <d.3>.",
                "",
            ],
        ],
        slots: &[
            (
                "d",
                &[
                    "Tuesday Soup|lentils|250|carrots|180",
                    "Hill Farm Bread|flour|500|seeds|60",
                    "Green Pot|peas|300|leeks|220",
                    "Orchard Cake|apples|400|sugar|150",
                    "Fisherman's Rice|rice|320|mussels|450",
                    "Cellar Mash|potatoes|600|butter|80",
                ],
            ),
            ("l", &["easy", "medium", "hard"]),
        ],
    },
    Frame {
        id: "meeting",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"topic":{"type":"string"},"day":{"enum":["monday","tuesday","wednesday","thursday","friday"]},"attendees":{"type":"array","items":{"type":"string"},"description":"first names, in any order"},"minutes":{"type":"integer"}},"required":["topic","day","attendees","minutes"],"additionalProperties":false}"#,
        gold: r#"{"topic":"<t>","day":"<d.1>","attendees":["<a>","<b>","<c>"],"minutes":<m.1>}"#,
        texts: &[
            ["Meeting on <d>: \"<t>\", <m> minutes, with <a>, <b> and <c>.", ""],
            ["<a>, <b> and <c> will meet on <d> to talk about \"<t>\". They have <m> minutes.", ""],
            [
                "Please block <m> minutes on <d>. The topic is \"<t>\". Invited are <a>, <b> and, from the other office, <c>.",
                "",
            ],
            [
                "The session \"<t>\" takes place on <d> and lasts <m> minutes. <a> and <b> are coming, and so is <c>.",
                "",
            ],
        ],
        slots: &[
            (
                "t",
                &[
                    "budget for spring",
                    "new parking rules",
                    "website launch",
                    "staff survey",
                    "move to the annex",
                    "summer schedule",
                ],
            ),
            ("d", &["Monday|monday", "Tuesday|tuesday", "Wednesday|wednesday", "Thursday|thursday", "Friday|friday"]),
            ("a", &["Wanda", "Elliot", "Rosa", "Kemal", "Ingrid", "Paul"]),
            ("b", &["Harriet", "Luis", "Simone", "Gareth", "Yusuf", "Beth"]),
            ("c", &["Olga", "Declan", "Tamsin", "Ravi", "Mette", "Stan"]),
            ("m", &["45|45", "thirty|30", "90|90", "20|20", "sixty|60", "75|75"]),
        ],
    },
    Frame {
        id: "pizza",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"size":{"enum":["small","medium","large"]},"toppings":{"type":"array","items":{"enum":["mushrooms","olives","onions","peppers","ham","corn"]},"description":"in any order"},"handover":{"enum":["delivery","pickup"]},"name":{"type":"string"}},"required":["size","toppings","handover","name"],"additionalProperties":false}"#,
        gold: r#"{"size":"<s>","toppings":["<t>","<t.1>"],"handover":"<h.1>","name":"<n>"}"#,
        texts: &[
            ["One <s> pizza with <t> and <t.1> for <n>, <h>.", ""],
            ["Hello, this is <n>. I would like a pizza with <t> and <t.1>, size <s>, <h>.", ""],
            ["Order slip: pizza, <s>. On it: <t>, <t.1>. Customer: <n>, <h>.", ""],
            ["Could you make me a <s> one with <t>, and put <t.1> on it as well? The name is <n>. It is <h>.", ""],
        ],
        slots: &[
            ("s", &["small", "medium", "large"]),
            (
                "t",
                &["mushrooms|olives", "ham|corn", "onions|peppers", "olives|onions", "peppers|ham", "corn|mushrooms"],
            ),
            ("h", &["to be delivered to the door|delivery", "to be picked up at the shop|pickup"]),
            ("n", &["Barnaby", "Ottilie", "Ramona", "Cyrus", "Fenella", "Quentin", "Sheila", "Ivo"]),
        ],
    },
    Frame {
        id: "timesheet",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"employee":{"type":"string"},"shift":{"enum":["day","night"]},"entries":{"type":"array","items":{"type":"object","properties":{"task":{"type":"string"},"hours":{"type":"number"}},"required":["task","hours"],"additionalProperties":false},"description":"in the order of the text"},"approved":{"type":"boolean"}},"required":["employee","shift","entries","approved"],"additionalProperties":false}"#,
        gold: r#"{"employee":"<e>","shift":"<s>","entries":[{"task":"<t>","hours":<h.1>},{"task":"<u>","hours":<k.1>}],"approved":<p.1>}"#,
        texts: &[
            ["<e>, <s> shift: <h> hours of \"<t>\", then <k> hours of \"<u>\". The sheet <p>.", ""],
            [
                "Time sheet of <e>. Shift: <s>. First entry: \"<t>\", <h> hours. Second entry: \"<u>\", <k> hours. It <p>.",
                "",
            ],
            [
                "On the <s> shift <e> spent <h> hours on \"<t>\" and after that <k> hours on \"<u>\". The time sheet <p>.",
                "",
            ],
            [
                "The sheet of <e> for the <s> shift <p>. It lists \"<t>\" with <h> hours and \"<u>\" with <k> hours, in this order.",
                "",
            ],
        ],
        slots: &[
            ("e", &["Hanna Voss", "Piers Langton", "Imani Cole", "Roland Tease", "Carmen Udall", "Neil Farrant"]),
            ("s", &["day", "night"]),
            ("t", &["loading", "stock count", "cleaning", "driving"]),
            ("u", &["packing", "paperwork", "repairs", "training"]),
            ("h", &["2.5|2.5", "three|3", "4|4", "1.5|1.5"]),
            ("k", &["two|2", "3.5|3.5", "5|5", "0.5|0.5"]),
            ("p", &["has been approved|true", "has not been approved|false"]),
        ],
    },
    Frame {
        id: "spesa",
        kind: "arrays_enums",
        lang: "it",
        schema: r#"{"type":"object","properties":{"negozio":{"type":"string"},"pagamento":{"enum":["contanti","carta"]},"articoli":{"type":"array","items":{"type":"object","properties":{"nome":{"type":"string"},"prezzo":{"type":"number"}},"required":["nome","prezzo"],"additionalProperties":false},"description":"nell'ordine del testo"}},"required":["negozio","pagamento","articoli"],"additionalProperties":false}"#,
        gold: r#"{"negozio":"<n>","pagamento":"<p.1>","articoli":[{"nome":"<a>","prezzo":<a.2>},{"nome":"<b>","prezzo":<b.2>}]}"#,
        texts: &[
            ["Da \"<n>\" ho comprato <a> a <a.1> euro e <b> a <b.1> euro. Ho pagato <p>.", ""],
            ["Scontrino del negozio \"<n>\": <a> <a.1> euro, <b> <b.1> euro. Pagato <p>.", ""],
            [
                "Siamo passati da \"<n>\". Prima abbiamo preso <a>, <a.1> euro, poi <b>, <b.1> euro. Abbiamo pagato <p>.",
                "",
            ],
            ["Spesa di oggi: <a> (<a.1> euro) e <b> (<b.1> euro), tutto da \"<n>\" e tutto pagato <p>.", ""],
        ],
        slots: &[
            ("n", &["Bottega Zeta", "Il Granaio", "Mercato Piccolo", "Da Ofelia"]),
            ("p", &["in contanti|contanti", "con la carta|carta"]),
            ("a", &["riso|3,20|3.2", "miele|7,50|7.5", "olio|9,90|9.9", "farina|1,40|1.4"]),
            ("b", &["uova|2,80|2.8", "burro|3,60|3.6", "latte|1,90|1.9", "sale|0,70|0.7"]),
        ],
    },
    Frame {
        id: "escursione",
        kind: "arrays_enums",
        lang: "it",
        schema: r#"{"type":"object","properties":{"percorso":{"type":"string"},"difficolta":{"enum":["facile","media","alta"]},"tappe":{"type":"array","items":{"type":"string"},"description":"nell'ordine del cammino"},"ore":{"type":"number"}},"required":["percorso","difficolta","tappe","ore"],"additionalProperties":false}"#,
        gold: r#"{"percorso":"<p>","difficolta":"<d>","tappe":["<t>","<t.1>","<t.2>"],"ore":<o.1>}"#,
        texts: &[
            ["Il percorso \"<p>\" ha difficoltà <d> e dura <o> ore. Le tappe sono <t>, <t.1> e <t.2>.", ""],
            [
                "Difficoltà: <d>. Si parte da <t>, si passa per <t.1> e si arriva a <t.2>. Il cammino, chiamato \"<p>\", richiede <o> ore.",
                "",
            ],
            [
                "Domenica abbiamo fatto \"<p>\": da <t> a <t.1> e poi fino a <t.2>. In tutto <o> ore; la guida indica una difficoltà <d>.",
                "",
            ],
            ["In <o> ore \"<p>\" porta da <t> a <t.2>, con una sosta a <t.1>. La difficoltà è <d>.", ""],
        ],
        slots: &[
            (
                "p",
                &[
                    "Sentiero dei Cervi",
                    "Via delle Fonti",
                    "Anello del Corvo",
                    "Traversata Bassa",
                    "Giro dei Mulini",
                    "Strada del Vento",
                ],
            ),
            ("d", &["facile", "media", "alta"]),
            (
                "t",
                &[
                    "Pianora|Colle Secco|Rivetta",
                    "Borgo Alto|Selvapiana|Monte Lupo",
                    "Fontegrande|Prato Lungo|Casera Neve",
                    "Lago Scuro|Malga Tesa|Cima Bruna",
                ],
            ),
            ("o", &["3,5|3.5", "quattro|4", "6|6", "2,5|2.5", "cinque|5"]),
        ],
    },
];
