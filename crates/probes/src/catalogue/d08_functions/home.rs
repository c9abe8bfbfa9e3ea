//! Families with requests of the kinds pick, flat, nested and none.

use super::Family;

pub(super) const FAMILIES: &[Family] = &[
    Family {
        id: "lights",
        tools: &[
            "set_light(room: str, brightness: int \"0 to 100\") Sets how bright the light of a room is.",
            "light_off(room: str) Switches the light of a room off.",
            "light_color(room: str, color: red|blue|green|white) Changes the color of a room's light.",
            "save_scene(name: str, light: {room: str, brightness: int}) Saves a setting of a light under a name.",
        ],
        requests: &[
            [
                "pick",
                "Nobody is in the <r> any more, so the light there can go out.",
                r#"[{"name":"light_off","arguments":{"room":"<r>"}}]"#,
            ],
            [
                "flat",
                "Dim the light in the <r> to <n> percent.",
                r#"[{"name":"set_light","arguments":{"room":"<r>","brightness":<n>}}]"#,
            ],
            [
                "nested",
                "Save a scene called \"<s>\" with the <r> light at <n> percent.",
                r#"[{"name":"save_scene","arguments":{"name":"<s>","light":{"room":"<r>","brightness":<n>}}}]"#,
            ],
            ["none", "How much did we pay for the lamp in the <r>?", "[]"],
        ],
        slots: &[
            ("r", &["kitchen", "hall", "nursery", "study", "bathroom", "attic"]),
            ("n", &["15", "40", "65", "25", "80"]),
            ("s", &["movie night", "early start", "reading", "dinner", "storm"]),
        ],
    },
    Family {
        id: "music",
        tools: &[
            "play_song(title: str, artist?: str) Plays a song.",
            "pause_music() Stops the music for a while.",
            "set_volume(level: int \"0 to 10\") Sets how loud the music is.",
            "create_playlist(name: str, first_song: {title: str, artist: str}) Makes a new playlist.",
        ],
        requests: &[
            [
                "pick",
                "I can hardly hear it from here. Level <n>, please.",
                r#"[{"name":"set_volume","arguments":{"level":<n>}}]"#,
            ],
            ["flat", "Play \"<t>\" by <a>.", r#"[{"name":"play_song","arguments":{"title":"<t>","artist":"<a>"}}]"#],
            [
                "nested",
                "Make a new playlist named \"<p>\" that begins with \"<t>\" by <a>.",
                r#"[{"name":"create_playlist","arguments":{"name":"<p>","first_song":{"title":"<t>","artist":"<a>"}}}]"#,
            ],
            ["none", "Order two concert tickets for <a>.", "[]"],
        ],
        slots: &[
            ("n", &["6", "7", "8", "9"]),
            ("t", &["Harbour Lights", "Seven Crows", "Tin Roof", "Carry the Lamp", "Wide Open Gate"]),
            ("a", &["Della Marsh", "The Low Bridges", "Otis Fenner", "Wren and Sons", "Paloma Grey"]),
            ("p", &["Sunday ironing", "Road north", "Slow mornings", "Garden work"]),
        ],
    },
    Family {
        id: "calendar",
        tools: &[
            "add_event(title: str, date: str \"YYYY-MM-DD\", start: str \"HH:MM\") Puts an event into the calendar.",
            "delete_event(title: str) Removes an event from the calendar.",
            "list_events(date: str \"YYYY-MM-DD\") Shows what is in the calendar on a day.",
            "invite_guest(title: str, guest: {name: str, email: str}) Invites somebody to an event.",
        ],
        requests: &[
            [
                "pick",
                "Am I free on <d>, or is there something on?",
                r#"[{"name":"list_events","arguments":{"date":"<d>"}}]"#,
            ],
            [
                "flat",
                "Put \"<e>\" into my calendar on <d>, starting at <t>.",
                r#"[{"name":"add_event","arguments":{"title":"<e>","date":"<d>","start":"<t>"}}]"#,
            ],
            [
                "nested",
                "Please invite <w> (<w.1>) to \"<e>\".",
                r#"[{"name":"invite_guest","arguments":{"title":"<e>","guest":{"name":"<w>","email":"<w.1>"}}}]"#,
            ],
            ["none", "Book me a train that gets me to \"<e>\" in time.", "[]"],
        ],
        slots: &[
            ("e", &["choir practice", "roof inspection", "book club", "quarterly review", "piano lesson"]),
            ("d", &["2031-04-17", "2030-11-05", "2031-09-28", "2032-02-10", "2031-06-03"]),
            ("t", &["09:15", "18:40", "14:00", "11:30", "20:05"]),
            (
                "w",
                &[
                    "Bettina Clay|bettina@clay.example",
                    "Hugo Starr|hugo@starr.example",
                    "Ayo Mensah|ayo@mensah.example",
                    "Flora Pitt|flora@pitt.example",
                ],
            ),
        ],
    },
    Family {
        id: "mail",
        tools: &[
            "send_mail(to: str \"address\", subject: str, urgent: bool) Sends an e-mail.",
            "search_mail(sender: str \"address\") Finds e-mails from a sender.",
            "archive_folder(folder: str) Moves a folder into the archive.",
            "add_contact(contact: {name: str, address: str}) Adds somebody to the address book.",
        ],
        requests: &[
            [
                "pick",
                "What has <w.1> written to me so far?",
                r#"[{"name":"search_mail","arguments":{"sender":"<w.1>"}}]"#,
            ],
            [
                "flat",
                "Send <w.1> an e-mail with the subject \"<s>\" and mark it as <u>.",
                r#"[{"name":"send_mail","arguments":{"to":"<w.1>","subject":"<s>","urgent":<u.1>}}]"#,
            ],
            [
                "nested",
                "Add <w> with the address <w.1> to my contacts.",
                r#"[{"name":"add_contact","arguments":{"contact":{"name":"<w>","address":"<w.1>"}}}]"#,
            ],
            ["none", "Call <w> on the phone for me.", "[]"],
        ],
        slots: &[
            (
                "w",
                &[
                    "Imre Novak|imre@novak.example",
                    "Sally Boone|sally@boone.example",
                    "Desmond Wu|desmond@wu.example",
                    "Kirsten Aas|kirsten@aas.example",
                    "Mario Lentz|mario@lentz.example",
                ],
            ),
            ("s", &["keys", "new address", "photos from Sunday", "question about rent"]),
            ("u", &["urgent|true", "not urgent|false"]),
        ],
    },
    Family {
        id: "weather",
        tools: &[
            "current_weather(city: str) Tells the weather of this moment.",
            "forecast(city: str, days: int) Tells the weather of the coming days.",
            "set_warning(city: str, condition: {event: rain|frost|storm, hours_ahead: int}) Warns before bad weather.",
            "sunrise(city: str, date: str \"YYYY-MM-DD\") Tells when the sun rises.",
        ],
        requests: &[
            [
                "pick",
                "Do I need an umbrella in <c> right now?",
                r#"[{"name":"current_weather","arguments":{"city":"<c>"}}]"#,
            ],
            [
                "flat",
                "What will the weather in <c> be like over the next <n> days?",
                r#"[{"name":"forecast","arguments":{"city":"<c>","days":<n.1>}}]"#,
            ],
            [
                "nested",
                "Warn me <h> hours before <e> in <c>.",
                r#"[{"name":"set_warning","arguments":{"city":"<c>","condition":{"event":"<e>","hours_ahead":<h>}}}]"#,
            ],
            ["none", "How many people live in <c>?", "[]"],
        ],
        slots: &[
            ("c", &["Bristol", "Turku", "Ghent", "Salzburg", "Bilbao", "Aarhus"]),
            ("n", &["three|3", "five|5", "7|7", "four|4"]),
            ("h", &["2", "6", "12", "4"]),
            ("e", &["rain", "frost"]),
        ],
    },
    Family {
        id: "bank",
        tools: &[
            "get_balance(account: checking|savings) Tells how much money is in an account.",
            "transfer(source: checking|savings, target: checking|savings, amount: num) Moves money between own accounts.",
            "list_payments(days: int) Shows the payments of the last days.",
            "pay_bill(bill: {payee: str, amount: num}, date: str \"YYYY-MM-DD\") Pays a bill on a day.",
        ],
        requests: &[
            [
                "pick",
                "What have I spent my money on in the past <k> days?",
                r#"[{"name":"list_payments","arguments":{"days":<k>}}]"#,
            ],
            [
                "flat",
                "Move <m> euros from <s> to <s.1>.",
                r#"[{"name":"transfer","arguments":{"source":"<s>","target":"<s.1>","amount":<m>}}]"#,
            ],
            [
                "nested",
                "Pay the bill of <p>, <m> euros, on <d>.",
                r#"[{"name":"pay_bill","arguments":{"bill":{"payee":"<p>","amount":<m>},"date":"<d>"}}]"#,
            ],
            ["none", "My card for <p> is gone. Block it at once.", "[]"],
        ],
        slots: &[
            ("k", &["10", "30", "7", "14"]),
            ("s", &["checking|savings", "savings|checking"]),
            ("m", &["250", "75.50", "1200", "39.90", "84"]),
            ("p", &["Northside Water", "Beacon Telecom", "Crane Insurance", "Fuller and Lowe"]),
            ("d", &["2031-05-30", "2030-12-01", "2031-08-15", "2032-01-04"]),
        ],
    },
    Family {
        id: "maps",
        tools: &[
            "find_route(start: str, goal: str, by: car|bus|bicycle) Finds the way between two places.",
            "find_place(category: cafe|pharmacy|bakery, town: str) Finds places of a category in a town.",
            "traffic(road: str) Tells how heavy the traffic on a road is.",
            "save_place(label: str, position: {lat: num, lon: num}) Saves a position under a label.",
        ],
        requests: &[
            ["pick", "Is there a jam on the <a> at the moment?", r#"[{"name":"traffic","arguments":{"road":"<a>"}}]"#],
            [
                "flat",
                "How do I get from <s> to <g> by <b>?",
                r#"[{"name":"find_route","arguments":{"start":"<s>","goal":"<g>","by":"<b>"}}]"#,
            ],
            [
                "nested",
                "Save the position <p> north, <p.1> east as \"<l>\".",
                r#"[{"name":"save_place","arguments":{"label":"<l>","position":{"lat":<p>,"lon":<p.1>}}}]"#,
            ],
            ["none", "Sell my <b.1> in <g> for a good price.", "[]"],
        ],
        slots: &[
            ("a", &["A61", "M27", "E18", "N4", "B96"]),
            ("s", &["Elmford", "Granby", "Tilling", "Cross Keys"]),
            ("g", &["Saltmarsh", "Upper Dean", "Witham", "Ravensby"]),
            ("b", &["bicycle|old bicycle", "car|used car", "bus|camper bus"]),
            ("p", &["48.2|16.4", "59.9|10.7", "41.4|2.2", "52.5|13.4"]),
            ("l", &["secret beach", "cabin", "viewpoint", "mushroom wood"]),
        ],
    },
    Family {
        id: "library",
        tools: &[
            "find_book(title: str) Tells whether the library has a book.",
            "reserve_book(title: str, branch: central|harbour|hillside) Reserves a book at a branch.",
            "renew_loan(loan_id: str) Extends a loan.",
            "suggest_purchase(book: {title: str, author: str}) Suggests that the library buys a book.",
        ],
        requests: &[
            [
                "pick",
                "I have not finished reading yet and would like to keep it longer. The loan is <i>.",
                r#"[{"name":"renew_loan","arguments":{"loan_id":"<i>"}}]"#,
            ],
            [
                "flat",
                "Reserve \"<t>\" for me at the <b> branch.",
                r#"[{"name":"reserve_book","arguments":{"title":"<t>","branch":"<b>"}}]"#,
            ],
            [
                "nested",
                "The library should buy \"<t>\" by <a>. Please pass that on.",
                r#"[{"name":"suggest_purchase","arguments":{"book":{"title":"<t>","author":"<a>"}}}]"#,
            ],
            ["none", "Write a summary of \"<t>\" for my class.", "[]"],
        ],
        slots: &[
            ("i", &["L-5531", "L-2087", "L-9140", "L-7716"]),
            ("t", &["The Tin Orchard", "Forty Bridges", "An Hour of Snow", "What the Ferryman Saw"]),
            ("b", &["central", "harbour", "hillside"]),
            ("a", &["Edith Rowe", "Paul Ostrander", "Nell Hargreave", "Simon Achebo"]),
        ],
    },
];
