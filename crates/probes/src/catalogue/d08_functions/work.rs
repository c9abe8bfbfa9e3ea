//! Families with requests of the kinds pick, flat, parallel and missing.

use super::Family;

pub(super) const FAMILIES: &[Family] = &[
    Family {
        id: "clock",
        tools: &[
            "start_timer(minutes: int, label: str) Starts a timer.",
            "stop_timer(label: str) Stops a timer.",
            "set_alarm(time: str \"HH:MM\", weekday: monday|tuesday|wednesday|thursday|friday) Sets an alarm.",
        ],
        requests: &[
            [
                "pick",
                "The <l> is done already, so the timer for it need not ring.",
                r#"[{"name":"stop_timer","arguments":{"label":"<l>"}}]"#,
            ],
            [
                "flat",
                "Wake me on <d> at <t>.",
                r#"[{"name":"set_alarm","arguments":{"time":"<t>","weekday":"<d.1>"}}]"#,
            ],
            [
                "parallel",
                "I need two timers: <n> minutes labelled \"<l>\" and <n.1> minutes labelled \"<m>\".",
                r#"[{"name":"start_timer","arguments":{"minutes":<n>,"label":"<l>"}},{"name":"start_timer","arguments":{"minutes":<n.1>,"label":"<m>"}}]"#,
            ],
            ["missing", "Start a timer labelled \"<l>\".", r#"[{"ask":"minutes"}]"#],
        ],
        slots: &[
            ("l", &["rice", "bread", "stew", "pie"]),
            ("m", &["tea", "eggs", "laundry", "homework"]),
            ("n", &["12|4", "50|7", "25|8", "18|30"]),
            ("d", &["Monday|monday", "Thursday|thursday", "Friday|friday", "Tuesday|tuesday"]),
            ("t", &["06:20", "07:05", "05:45", "08:10"]),
        ],
    },
    Family {
        id: "words",
        tools: &[
            "translate(text: str, language: french|german|polish|japanese) Translates a text into a language.",
            "detect_language(text: str) Tells which language a text is in.",
            "count_words(text: str) Counts the words of a text.",
            "define_word(word: str, length: short|long) Explains what a word means.",
        ],
        requests: &[
            [
                "pick",
                "Somebody left me a note that says \"<x>\". What tongue is that?",
                r#"[{"name":"detect_language","arguments":{"text":"<x>"}}]"#,
            ],
            [
                "flat",
                "Give me a <s> explanation of the word \"<w>\".",
                r#"[{"name":"define_word","arguments":{"word":"<w>","length":"<s>"}}]"#,
            ],
            [
                "parallel",
                "Translate \"<e>\" into <l> and into <l.2>.",
                r#"[{"name":"translate","arguments":{"text":"<e>","language":"<l.1>"}},{"name":"translate","arguments":{"text":"<e>","language":"<l.3>"}}]"#,
            ],
            ["missing", "Translate \"<e>\" for me.", r#"[{"ask":"language"}]"#],
        ],
        slots: &[
            ("x", &["Voglio un gelato", "Hyvää huomenta", "Var är stationen", "Jó éjszakát"]),
            ("s", &["short", "long"]),
            ("w", &["gimlet", "umbrage", "lintel", "quorum", "sextant"]),
            (
                "e",
                &["Where is the bakery?", "My suitcase is broken.", "We are two hours late.", "The soup is too salty."],
            ),
            (
                "l",
                &[
                    "French|french|German|german",
                    "Polish|polish|French|french",
                    "Japanese|japanese|Polish|polish",
                    "German|german|Japanese|japanese",
                ],
            ),
        ],
    },
    Family {
        id: "hotel",
        tools: &[
            "book_room(guest: str, nights: int, size: single|double) Books a room.",
            "cancel_booking(code: str) Cancels a booking.",
            "send_item(room: int, item: towel|pillow|kettle) Has something brought to a room.",
        ],
        requests: &[
            [
                "pick",
                "We cannot come after all. Our booking is <c>.",
                r#"[{"name":"cancel_booking","arguments":{"code":"<c>"}}]"#,
            ],
            [
                "flat",
                "A <z> room for <g>, <n> nights, please.",
                r#"[{"name":"book_room","arguments":{"guest":"<g>","nights":<n.1>,"size":"<z>"}}]"#,
            ],
            [
                "parallel",
                "Room <k> needs a <i> and room <k.1> needs a <i.1>.",
                r#"[{"name":"send_item","arguments":{"room":<k>,"item":"<i>"}},{"name":"send_item","arguments":{"room":<k.1>,"item":"<i.1>"}}]"#,
            ],
            ["missing", "<g> would like to stay in a <z> room. Please book it.", r#"[{"ask":"nights"}]"#],
        ],
        slots: &[
            ("c", &["HX-202", "HX-917", "HX-458", "HX-630"]),
            ("z", &["single", "double"]),
            ("g", &["Alma Reyes", "Gordon Pike", "Nina Holt", "Curtis Bell"]),
            ("n", &["two|2", "five|5", "3|3", "6|6"]),
            ("k", &["104|311", "215|108", "302|220", "117|409"]),
            ("i", &["towel|pillow", "kettle|towel", "pillow|kettle"]),
        ],
    },
    Family {
        id: "printer",
        tools: &[
            "print_file(file: str, copies: int, color: bool) Prints a file.",
            "scan_page(file: str \"where to save\") Scans the page on the glass.",
            "order_ink(color: black|cyan|magenta|yellow) Orders a cartridge of ink.",
            "cancel_job(job: int) Cancels a print job.",
        ],
        requests: &[
            [
                "pick",
                "Make a digital copy of what lies on the glass and save it as <f>.",
                r#"[{"name":"scan_page","arguments":{"file":"<f>"}}]"#,
            ],
            [
                "flat",
                "Print <p>, <n> copies, <b>.",
                r#"[{"name":"print_file","arguments":{"file":"<p>","copies":<n>,"color":<b.1>}}]"#,
            ],
            [
                "parallel",
                "We are out of <i> and <i.1>, so order one cartridge of each.",
                r#"[{"name":"order_ink","arguments":{"color":"<i>"}},{"name":"order_ink","arguments":{"color":"<i.1>"}}]"#,
            ],
            ["missing", "Print a few copies of <p>, <b>.", r#"[{"ask":"copies"}]"#],
        ],
        slots: &[
            ("f", &["receipt.pdf", "passport.pdf", "sketch.png", "lease.pdf"]),
            ("p", &["agenda.docx", "map.pdf", "flyer.odt", "table.xlsx"]),
            ("n", &["4", "12", "30", "2"]),
            ("b", &["in color|true", "without color|false"]),
            ("i", &["black|cyan", "magenta|yellow", "cyan|yellow", "black|magenta"]),
        ],
    },
    Family {
        id: "garden",
        tools: &[
            "water_zone(zone: str, minutes: int) Waters a part of the garden.",
            "read_moisture(zone: str) Tells how wet the soil of a part of the garden is.",
            "mow(area: str, height_mm: int) Mows an area.",
        ],
        requests: &[
            [
                "pick",
                "Is the soil in zone <z> still damp enough?",
                r#"[{"name":"read_moisture","arguments":{"zone":"<z>"}}]"#,
            ],
            [
                "flat",
                "Cut the grass of the area \"<a>\" to <h> millimetres.",
                r#"[{"name":"mow","arguments":{"area":"<a>","height_mm":<h>}}]"#,
            ],
            [
                "parallel",
                "Water zone <z> for <n> minutes and zone <y> for <n.1> minutes.",
                r#"[{"name":"water_zone","arguments":{"zone":"<z>","minutes":<n>}},{"name":"water_zone","arguments":{"zone":"<y>","minutes":<n.1>}}]"#,
            ],
            ["missing", "It is hot, so water zone <z>.", r#"[{"ask":"minutes"}]"#],
        ],
        slots: &[
            ("z", &["A2", "B1", "C5", "D3"]),
            ("y", &["E4", "F6", "A9", "B7"]),
            ("a", &["front", "north", "orchard", "playground"]),
            ("h", &["35", "40", "50", "60"]),
            ("n", &["10|15", "20|5", "8|12", "25|30"]),
        ],
    },
    Family {
        id: "stock",
        tools: &[
            "add_stock(sku: str, quantity: int) Adds goods that came in.",
            "move_stock(sku: str, quantity: int, target: str) Moves goods to another shelf.",
            "get_price(sku: str) Tells the price of an article.",
            "count_stock(sku: str) Tells how many pieces are left.",
        ],
        requests: &[
            ["pick", "A customer asks what <k> costs.", r#"[{"name":"get_price","arguments":{"sku":"<k>"}}]"#],
            [
                "flat",
                "Bring <q> pieces of <k> over to shelf <s>.",
                r#"[{"name":"move_stock","arguments":{"sku":"<k>","quantity":<q>,"target":"<s>"}}]"#,
            ],
            [
                "parallel",
                "The truck brought <q> pieces of <k> and <q.1> pieces of <j>. Please add them.",
                r#"[{"name":"add_stock","arguments":{"sku":"<k>","quantity":<q>}},{"name":"add_stock","arguments":{"sku":"<j>","quantity":<q.1>}}]"#,
            ],
            ["missing", "Some <k> came in this morning. Please add them to the stock.", r#"[{"ask":"quantity"}]"#],
        ],
        slots: &[
            ("k", &["RX-100", "TB-27", "MM-804", "QC-51"]),
            ("j", &["LP-330", "ZN-9", "AV-62", "DD-118"]),
            ("q", &["40|16", "120|75", "6|24", "55|200"]),
            ("s", &["H4", "K12", "B03", "W7"]),
        ],
    },
    Family {
        id: "heating",
        tools: &[
            "set_temperature(room: str, degrees: num) Heats a room to a temperature.",
            "read_temperature(room: str) Tells how warm a room is.",
            "schedule_heating(room: str, start: str \"HH:MM\", degrees: num) Heats a room from a time on.",
            "heating_off() Switches all heating off.",
        ],
        requests: &[
            [
                "pick",
                "It feels chilly in the <r>. What does the thermometer there say?",
                r#"[{"name":"read_temperature","arguments":{"room":"<r>"}}]"#,
            ],
            [
                "flat",
                "From <t> on, heat the <r> to <d> degrees.",
                r#"[{"name":"schedule_heating","arguments":{"room":"<r>","start":"<t>","degrees":<d>}}]"#,
            ],
            [
                "parallel",
                "Bring the <r> to <d> degrees now, and the <q> to <d.1>.",
                r#"[{"name":"set_temperature","arguments":{"room":"<r>","degrees":<d>}},{"name":"set_temperature","arguments":{"room":"<q>","degrees":<d.1>}}]"#,
            ],
            ["missing", "Heat the <r> from <t> on.", r#"[{"ask":"degrees"}]"#],
        ],
        slots: &[
            ("r", &["bedroom", "office", "dining room", "cellar"]),
            ("q", &["guest room", "playroom", "sauna", "conservatory"]),
            ("t", &["06:30", "17:00", "05:15", "21:45"]),
            ("d", &["21|18.5", "19.5|22", "20|17", "22.5|16"]),
        ],
    },
    Family {
        id: "school",
        tools: &[
            "record_grade(student: str, subject: maths|history|biology, grade: int) Records a grade.",
            "excuse_absence(student: str, date: str \"YYYY-MM-DD\") Excuses a student for a day.",
            "message_parents(student: str, text: str) Writes to the parents of a student.",
        ],
        requests: &[
            [
                "pick",
                "<w> had a fever on <d> and could not come; that is fine with us.",
                r#"[{"name":"excuse_absence","arguments":{"student":"<w>","date":"<d>"}}]"#,
            ],
            [
                "flat",
                "<w> gets a <g> in <s>.",
                r#"[{"name":"record_grade","arguments":{"student":"<w>","subject":"<s>","grade":<g>}}]"#,
            ],
            [
                "parallel",
                "Write \"<x>\" to the parents of <w> and to those of <v>.",
                r#"[{"name":"message_parents","arguments":{"student":"<w>","text":"<x>"}},{"name":"message_parents","arguments":{"student":"<v>","text":"<x>"}}]"#,
            ],
            ["missing", "Please record the grade that <w> has earned in <s>.", r#"[{"ask":"grade"}]"#],
        ],
        slots: &[
            ("w", &["Effie Larkin", "Tobias Munn", "Shira Katz", "Lewis Obi"]),
            ("v", &["Hedda Strom", "Frank Dale", "Rina Moto", "Bastian Roy"]),
            ("d", &["2031-03-12", "2030-10-08", "2031-05-22", "2032-01-16"]),
            ("g", &["2", "4", "5", "3"]),
            ("s", &["maths", "history", "biology"]),
            (
                "x",
                &["The trip starts at eight.", "Please sign the form.", "Sports day is off.", "The bus leaves early."],
            ),
        ],
    },
];
