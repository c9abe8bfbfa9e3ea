//! Frames for training: other documents, sentences and words than in the evaluation.

use super::Frame;

pub(super) const FRAMES: &[Frame] = &[
    Frame {
        id: "gym",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"member":{"type":"string"},"plan":{"type":"string"},"monthly_fee":{"type":"number"},"months":{"type":"integer"},"locker":{"type":"boolean"}},"required":["member","plan","monthly_fee","months","locker"],"additionalProperties":false}"#,
        gold: r#"{"member":"<w>","plan":"<p>","monthly_fee":<p.1>,"months":<m.1>,"locker":<k.1>}"#,
        texts: &[
            ["<w> joins the gym on the plan \"<p>\", <p.1> pounds a month for <m> months, <k>.", ""],
            [
                "Membership contract. Name: <w>. Plan: \"<p>\". Fee per month: <p.1> pounds. Runs for <m> months, <k>.",
                "",
            ],
            ["For <m> months <w> will pay <p.1> pounds monthly; the plan is called \"<p>\" and comes <k>.", ""],
        ],
        slots: &[
            (
                "w",
                &[
                    "Alec Dunning",
                    "Monica Faye",
                    "Terence Ball",
                    "Uma Krishnan",
                    "Sybil Warren",
                    "Jonas Petersen",
                    "Leila Amin",
                    "Robin Castle",
                    "Vera Smid",
                    "Conrad Yates",
                ],
            ),
            (
                "p",
                &[
                    "Early Bird|19.5",
                    "Full House|44",
                    "Weekend Only|15.75",
                    "Student Pass|22.4",
                    "Silver|31",
                    "Couple|58.5",
                ],
            ),
            ("m", &["6|6", "twelve|12", "18|18", "three|3", "24|24", "nine|9"]),
            ("k", &["with a locker|true", "without a locker|false"]),
        ],
    },
    Frame {
        id: "podcast",
        kind: "flat",
        lang: "en",
        schema: r#"{"type":"object","properties":{"show":{"type":"string"},"episode":{"type":"integer"},"host":{"type":"string"},"length_minutes":{"type":"integer"},"explicit":{"type":"boolean"}},"required":["show","episode","host","length_minutes","explicit"],"additionalProperties":false}"#,
        gold: r#"{"show":"<s>","episode":<e>,"host":"<h>","length_minutes":<l.1>,"explicit":<x.1>}"#,
        texts: &[
            ["Episode <e> of \"<s>\" is out: <l> minutes with <h> as host, <x>.", ""],
            ["<h> hosts \"<s>\". The new episode, number <e>, takes <l> minutes and is <x>.", ""],
            ["Have you heard \"<s>\"? I liked number <e>, where <h> talks for <l> minutes. It is <x>.", ""],
        ],
        slots: &[
            (
                "s",
                &[
                    "Bread and Circuits",
                    "The Slow Train",
                    "Talking Tides",
                    "Half a Century",
                    "Attic Finds",
                    "Nobody's Garden",
                ],
            ),
            ("e", &["14", "52", "103", "7", "88", "231"]),
            ("h", &["Minnie Crowe", "Lars Ekman", "Donal Reidy", "Farah Saleh", "Gus Whitfield", "Petra Vogel"]),
            ("l", &["28|28", "fifty|50", "35|35", "64|64", "forty-two|42"]),
            ("x", &["marked as explicit|true", "suitable for children and not explicit|false"]),
        ],
    },
    Frame {
        id: "bolletta",
        kind: "flat",
        lang: "it",
        schema: r#"{"type":"object","properties":{"intestatario":{"type":"string"},"contatore":{"type":"string"},"importo":{"type":"number"},"scadenza":{"type":"string","description":"AAAA-MM-GG"},"pagata":{"type":"boolean"}},"required":["intestatario","contatore","importo","scadenza","pagata"],"additionalProperties":false}"#,
        gold: r#"{"intestatario":"<w>","contatore":"<c>","importo":<i.1>,"scadenza":"<s.1>","pagata":<p.1>}"#,
        texts: &[
            ["La bolletta di <w>, contatore <c>, è di <i> euro e scade il <s>. <p>.", ""],
            ["Scadenza: <s>. Importo: <i> euro. Contatore numero <c>, intestato a <w>. <p>.", ""],
            ["<w> deve versare <i> euro entro il <s> per il contatore <c>. <p>.", ""],
        ],
        slots: &[
            ("w", &["Rosanna Pili", "Guido Melis", "Katia Boffa", "Enzo Cerruti", "Liliana Orsi", "Tullio Sacco"]),
            ("c", &["M-3391", "77120", "C04-88", "9915-K", "TR-602", "50-318"]),
            ("i", &["48,2|48.2", "131,75|131.75", "66|66", "92,4|92.4", "27,15|27.15"]),
            (
                "s",
                &[
                    "1 marzo 2033|2033-03-01",
                    "15 maggio 2033|2033-05-15",
                    "20 ottobre 2033|2033-10-20",
                    "31 luglio 2033|2033-07-31",
                    "10 gennaio 2034|2034-01-10",
                ],
            ),
            ("p", &["Risulta già pagata|true", "Non risulta pagata|false"]),
        ],
    },
    Frame {
        id: "loan",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"borrower":{"type":"object","properties":{"name":{"type":"string"},"card":{"type":"integer"}},"required":["name","card"],"additionalProperties":false},"tool":{"type":"object","properties":{"label":{"type":"string"},"deposit":{"type":"number"}},"required":["label","deposit"],"additionalProperties":false},"back_on":{"type":"string","description":"YYYY-MM-DD"}},"required":["borrower","tool","back_on"],"additionalProperties":false}"#,
        gold: r#"{"borrower":{"name":"<w>","card":<c>},"tool":{"label":"<t>","deposit":<t.1>},"back_on":"<d.1>"}"#,
        texts: &[
            ["<w>, card <c>, borrows the tool \"<t>\" and leaves a deposit of <t.1> euros. It is due back on <d>.", ""],
            ["Tool library: \"<t>\" goes to <w> until <d>. Card number <c>, deposit <t.1> euros.", ""],
            [
                "Until <d> the tool with the label \"<t>\" is out. <w> has it, with card <c>, and paid <t.1> euros as a deposit.",
                "",
            ],
        ],
        slots: &[
            (
                "w",
                &[
                    "Wilf Garner",
                    "Astrid Moen",
                    "Peggy Lomax",
                    "Sean Rafferty",
                    "Tove Lind",
                    "Amos Drew",
                    "Kitty Borden",
                ],
            ),
            ("c", &["1180", "2047", "356", "9921", "734", "4402"]),
            (
                "t",
                &[
                    "hedge trimmer|40",
                    "tile cutter|25.5",
                    "floor sander|80",
                    "long ladder|32.5",
                    "heat gun|18",
                    "drain rod|12.5",
                ],
            ),
            (
                "d",
                &[
                    "5 May 2033|2033-05-05",
                    "21 June 2033|2033-06-21",
                    "13 February 2034|2034-02-13",
                    "28 August 2033|2033-08-28",
                    "9 December 2033|2033-12-09",
                ],
            ),
        ],
    },
    Frame {
        id: "taxi",
        kind: "nested",
        lang: "en",
        schema: r#"{"type":"object","properties":{"rider":{"type":"string"},"trip":{"type":"object","properties":{"pickup_place":{"type":"string"},"dropoff_place":{"type":"string"},"clock":{"type":"string","description":"HH:MM, 24 hours"}},"required":["pickup_place","dropoff_place","clock"],"additionalProperties":false},"car":{"type":"object","properties":{"plate":{"type":"string"},"child_seat":{"type":"boolean"}},"required":["plate","child_seat"],"additionalProperties":false}},"required":["rider","trip","car"],"additionalProperties":false}"#,
        gold: r#"{"rider":"<w>","trip":{"pickup_place":"<a>","dropoff_place":"<b>","clock":"<t.1>"},"car":{"plate":"<p>","child_seat":<k.1>}}"#,
        texts: &[
            ["<w> wants a taxi from \"<a>\" to \"<b>\" at <t>. The car <p> comes <k>.", ""],
            ["Car <p>, <k>, is booked for <t>: pick up <w> at \"<a>\" and drive to \"<b>\".", ""],
            [
                "At <t> our driver meets <w> at \"<a>\"; the ride ends at \"<b>\". Plate of the car: <p>. It comes <k>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Lottie Hagen", "Mr Beaumont", "Ms Okafor", "Ray Sheldon", "Dr Pell", "Tina Maas"]),
            ("a", &["North Station", "City Library", "Terminal 2", "Hotel Arno", "Museum Gate"]),
            ("b", &["Castle Park", "Pier Nine", "Opera House", "West Clinic", "Old Brewery"]),
            (
                "t",
                &[
                    "06:50|06:50",
                    "13:20|13:20",
                    "ten in the evening|22:00",
                    "17:35|17:35",
                    "half past four in the afternoon|16:30",
                ],
            ),
            ("p", &["LR55 TZA", "KX 4410", "HB-720", "WE19 PQN"]),
            ("k", &["with a child seat|true", "without a child seat|false"]),
        ],
    },
    Frame {
        id: "squadra",
        kind: "nested",
        lang: "it",
        schema: r#"{"type":"object","properties":{"corso":{"type":"string"},"istruttore":{"type":"object","properties":{"cognome":{"type":"string"},"telefono":{"type":"string"}},"required":["cognome","telefono"],"additionalProperties":false},"gruppo":{"type":"object","properties":{"iscritti":{"type":"integer"},"corsia":{"type":"integer"}},"required":["iscritti","corsia"],"additionalProperties":false}},"required":["corso","istruttore","gruppo"],"additionalProperties":false}"#,
        gold: r#"{"corso":"<c>","istruttore":{"cognome":"<w>","telefono":"<t>"},"gruppo":{"iscritti":<n>,"corsia":<k>}}"#,
        texts: &[
            ["Il corso di nuoto \"<c>\" ha <n> iscritti e usa la corsia <k>. Istruttore: <w>, telefono <t>.", ""],
            [
                "Per informazioni su \"<c>\" chiamate l'istruttore <w> al numero <t>. Gli iscritti sono <n>, la corsia è la <k>.",
                "",
            ],
            [
                "Nella corsia <k> si allena il gruppo di \"<c>\", con <n> iscritti. Lo segue <w>, che risponde al telefono <t>.",
                "",
            ],
        ],
        slots: &[
            ("c", &["Delfini", "Primo Tuffo", "Acqua Calma", "Onda Lunga", "Bracciata"]),
            ("w", &["Bertolotti", "Cipriani", "Manca", "Zorzi", "Pastore", "Olivieri"]),
            ("t", &["055 300 18", "040 711 92", "081 555 04", "070 222 61"]),
            ("n", &["9", "14", "16", "22"]),
            ("k", &["1", "2", "3", "4", "6"]),
        ],
    },
    Frame {
        id: "playlist",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"playlist":{"type":"string"},"mood":{"enum":["calm","lively","sad"]},"songs":{"type":"array","items":{"type":"object","properties":{"song":{"type":"string"},"seconds":{"type":"integer"}},"required":["song","seconds"],"additionalProperties":false},"description":"in the order of the text"}},"required":["playlist","mood","songs"],"additionalProperties":false}"#,
        gold: r#"{"playlist":"<p>","mood":"<m>","songs":[{"song":"<a>","seconds":<a.1>},{"song":"<b>","seconds":<b.1>}]}"#,
        texts: &[
            [
                "The playlist \"<p>\" has two songs, \"<a>\" (<a.1> seconds) and \"<b>\" (<b.1> seconds). Its mood is <m>.",
                "",
            ],
            [
                "Mood: <m>. First comes \"<a>\" with <a.1> seconds, then \"<b>\" with <b.1> seconds. The list is named \"<p>\".",
                "",
            ],
            [
                "I made \"<p>\" for the drive, all of it <m>. It opens with \"<a>\", <a.1> seconds, and closes with \"<b>\", <b.1> seconds.",
                "",
            ],
        ],
        slots: &[
            ("p", &["Porch Light", "Motorway", "Blue Hour", "Kitchen Floor", "Long Goodbye"]),
            ("m", &["calm", "lively", "sad"]),
            ("a", &["Copper Rain|214", "Stay a Mile|187", "Lantern|241", "Ten Doors|163"]),
            ("b", &["Undertow|228", "Paper Boats|175", "Little Engine|199", "Home by Nine|252"]),
        ],
    },
    Frame {
        id: "delivery_round",
        kind: "arrays_enums",
        lang: "en",
        schema: r#"{"type":"object","properties":{"driver":{"type":"string"},"vehicle":{"enum":["van","bike","truck"]},"stops":{"type":"array","items":{"type":"string"},"description":"in the order of the round"},"parcels":{"type":"integer"}},"required":["driver","vehicle","stops","parcels"],"additionalProperties":false}"#,
        gold: r#"{"driver":"<w>","vehicle":"<v>","stops":["<a>","<b>","<c>"],"parcels":<n>}"#,
        texts: &[
            ["<w> takes the <v> with <n> parcels: first <a>, then <b>, last <c>.", ""],
            ["Round of today: <a>, <b>, <c>, in this order. Driver <w>, vehicle <v>, <n> parcels.", ""],
            ["There are <n> parcels in the <v>. <w> stops in <a>, after that in <b>, and finishes in <c>.", ""],
        ],
        slots: &[
            ("w", &["Benny", "Zuzana", "Clive", "Marta", "Idris", "Joanne"]),
            ("v", &["van", "bike", "truck"]),
            ("a", &["Ashby", "Coldwell", "Drayford", "Ferrers"]),
            ("b", &["Gosling", "Highmoor", "Kelby", "Lowick"]),
            ("c", &["Milston", "Nethery", "Oxleigh", "Purton"]),
            ("n", &["11", "24", "37", "52", "18"]),
        ],
    },
    Frame {
        id: "menu",
        kind: "arrays_enums",
        lang: "it",
        schema: r#"{"type":"object","properties":{"locale":{"type":"string"},"pasto":{"enum":["pranzo","cena"]},"piatti":{"type":"array","items":{"type":"object","properties":{"piatto":{"type":"string"},"costo":{"type":"number"}},"required":["piatto","costo"],"additionalProperties":false},"description":"in ordine di menu"},"coperti":{"type":"integer"}},"required":["locale","pasto","piatti","coperti"],"additionalProperties":false}"#,
        gold: r#"{"locale":"<l>","pasto":"<p>","piatti":[{"piatto":"<a>","costo":<a.2>},{"piatto":"<b>","costo":<b.2>}],"coperti":<n>}"#,
        texts: &[
            [
                "Al locale \"<l>\" la <p.1> di oggi comprende \"<a>\" a <a.1> euro e \"<b>\" a <b.1> euro, per <n> coperti. Pasto: <p>.",
                "",
            ],
            ["Menu di \"<l>\", <p>: \"<a>\" <a.1> euro, \"<b>\" <b.1> euro. Coperti: <n>.", ""],
            [
                "<n> coperti per il pasto di oggi, cioè <p>, da \"<l>\". In carta \"<a>\", <a.1> euro, poi \"<b>\", <b.1> euro.",
                "",
            ],
        ],
        slots: &[
            ("l", &["La Pergola", "Osteria Quinto", "Al Ponte", "Zia Norma"]),
            ("p", &["pranzo|lista", "cena|lista"]),
            ("a", &["zuppa di ceci|8,5|8.5", "gnocchi al sugo|10|10", "insalata di mare|12,5|12.5"]),
            ("b", &["arrosto con patate|14|14", "frittata|7,5|7.5", "torta di noci|5,5|5.5"]),
            ("n", &["20", "35", "48", "60"]),
        ],
    },
    Frame {
        id: "dentist",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"patient":{"type":"string","maxLength":40},"tooth":{"type":["integer","null"],"minimum":11,"maximum":48},"slot":{"enum":["early","late"]},"insured":{"type":"boolean"}},"required":["patient","tooth","slot","insured"],"additionalProperties":false}"#,
        gold: r#"{"patient":"<w>","tooth":<k>,"slot":"<s>","insured":<i.1>}"#,
        texts: &[
            [
                "<w> has pain but cannot tell which tooth it is. The <s> slot suits best. <i>.",
                r#"{"patient":"<w>","tooth":null,"slot":"<s>","insured":<i.1>}"#,
            ],
            ["🦷 <u>, tooth <k>, <s> slot. <i>.", r#"{"patient":"<u>","tooth":<k>,"slot":"<s>","insured":<i.1>}"#],
            [
                "I have put this off for weeks, first because of the harvest, then because of my sister's wedding, and now it wakes me at night. Last time your colleague wrote down that it was tooth <k>, and I think he was right. I could come in the <s> slot on any day. <i>, in case you ask. My name is <w>.",
                "",
            ],
            [
                "Note for the file of <w>: tooth <x>. The X-ray shows something else: it is tooth <k>. Slot: <s>. <i>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Hattie Moss", "Glenn Abbot", "Yara Simon", "Otto Kell", "Freda Lunn", "Sid Parrish"]),
            ("u", &["Bjørn Ødegård", "Renée Gagné", "Włodek Żak", "Inés Núñez", "Jörg Bräuer"]),
            ("k", &["14", "26", "37", "45", "18", "21"]),
            ("x", &["11", "24", "47", "33"]),
            ("s", &["early", "late"]),
            ("i", &["There is an insurance|true", "There is no insurance|false"]),
        ],
    },
    Frame {
        id: "campsite",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"booker":{"type":"string"},"tents":{"type":"integer","minimum":1,"maximum":9},"pitch":{"type":["string","null"]},"from_date":{"type":"string","description":"YYYY-MM-DD"},"dog":{"type":"boolean"}},"required":["booker","tents","pitch","from_date","dog"],"additionalProperties":false}"#,
        gold: r#"{"booker":"<w>","tents":<n.1>,"pitch":"<p>","from_date":"<d.1>","dog":<g.1>}"#,
        texts: &[
            [
                "<w> comes from <d> with <n> tents and <g>. Any pitch will do.",
                r#"{"booker":"<w>","tents":<n.1>,"pitch":null,"from_date":"<d.1>","dog":<g.1>}"#,
            ],
            [
                "⛺ <u>: pitch <p>, <n> tents, from <d>, <g>.",
                r#"{"booker":"<u>","tents":<n.1>,"pitch":"<p>","from_date":"<d.1>","dog":<g.1>}"#,
            ],
            [
                "Hello from the north! We have been to your campsite as children and want to show it to our own, who have never slept outdoors. Is the little shop still there, and the rope swing over the brook? We would arrive on <d> and stay as long as the school holidays allow. If it is free we would love pitch <p>, the one under the chestnut. There will be <n> tents, and we travel <g>. Best wishes, <w>",
                "",
            ],
            [
                "Booking by <w>: pitch <p>, from <d>, <x> tents, <g>. Sorry, one family has fallen ill, it is only <n> tents.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Dougal Frame", "Nell Ormond", "Percy Lane", "Ulla Berg", "Mabel Stark"]),
            ("u", &["Kötö Äijälä", "Štěpán Říha", "Anaïs Crête", "Müge Çelik"]),
            ("n", &["two|2", "3|3", "four|4"]),
            ("x", &["seven", "8", "six"]),
            ("p", &["B4", "A12", "C7", "D1"]),
            ("d", &["2 July 2033|2033-07-02", "16 August 2033|2033-08-16", "25 May 2034|2034-05-25"]),
            ("g", &["with a dog|true", "without a dog|false"]),
        ],
    },
    Frame {
        id: "biglietteria",
        kind: "constraints",
        lang: "it",
        schema: r#"{"type":"object","properties":{"spettatore":{"type":"string"},"spettacolo":{"type":"string"},"posti":{"type":"integer","minimum":1,"maximum":8},"fila":{"type":["string","null"],"maxLength":2},"ridotto":{"type":"boolean"}},"required":["spettatore","spettacolo","posti","fila","ridotto"],"additionalProperties":false}"#,
        gold: r#"{"spettatore":"<w>","spettacolo":"<s>","posti":<n.1>,"fila":"<f>","ridotto":<r.1>}"#,
        texts: &[
            [
                "<w> chiede <n> posti per \"<s>\", in una fila qualsiasi, a prezzo <r>.",
                r#"{"spettatore":"<w>","spettacolo":"<s>","posti":<n.1>,"fila":null,"ridotto":<r.1>}"#,
            ],
            [
                "🎭 <u>: <n> posti, fila <f>, \"<s>\", prezzo <r>.",
                r#"{"spettatore":"<u>","spettacolo":"<s>","posti":<n.1>,"fila":"<f>","ridotto":<r.1>}"#,
            ],
            [
                "Buonasera, l'anno scorso avevamo l'abbonamento, poi con il lavoro e i turni abbiamo rinunciato. Adesso vorremmo ricominciare da uno spettacolo solo, e tutti ci parlano di \"<s>\". Se possibile prendiamo <n> posti nella fila <f>, perché da lì si vede bene anche senza occhiali. Il prezzo è quello <r>, ci hanno detto alla cassa. Il nome è <w>.",
                "",
            ],
            ["Per <w>: <x> posti in fila <f> per \"<s>\", prezzo <r>. Mi correggo: i posti sono <n>.", ""],
        ],
        slots: &[
            ("w", &["Elda Crespi", "Nino Farina", "Olga Prati", "Livio Serra"]),
            ("u", &["Cloé Tromarchi", "Josè Cattò", "Anaïs Perrò"]),
            ("s", &["La finestra chiusa", "Due fratelli", "Il giardino d'inverno", "Acqua alta"]),
            ("n", &["due|2", "tre|3", "4|4"]),
            ("x", &["5", "sei"]),
            ("f", &["A", "D", "G", "L"]),
            ("r", &["ridotto|true", "intero|false"]),
        ],
    },
];
