//! Families with requests of the kinds nested, none, parallel and missing.

use super::Family;

pub(super) const FAMILIES: &[Family] = &[
    Family {
        id: "post",
        tools: &[
            "create_label(recipient: {name: str, city: str}, weight_kg: num) Makes a label for a parcel.",
            "track_parcel(code: str) Tells where a parcel is.",
            "schedule_pickup(date: str \"YYYY-MM-DD\", time: str \"HH:MM\") Has a parcel collected.",
        ],
        requests: &[
            [
                "nested",
                "I need a label for a parcel of <k> kilograms to <w> in <c>.",
                r#"[{"name":"create_label","arguments":{"recipient":{"name":"<w>","city":"<c>"},"weight_kg":<k>}}]"#,
            ],
            ["none", "Recommend a nice present that <w> in <c> would like.", "[]"],
            [
                "parallel",
                "Where are my two parcels, <p> and <p.1>?",
                r#"[{"name":"track_parcel","arguments":{"code":"<p>"}},{"name":"track_parcel","arguments":{"code":"<p.1>"}}]"#,
            ],
            ["missing", "Have my parcel collected on <d>, please.", r#"[{"ask":"time"}]"#],
        ],
        slots: &[
            ("k", &["3.2", "0.7", "11", "5.5"]),
            ("w", &["Enid Marlowe", "Rupert Sands", "Talia Finn", "Ossian Grey"]),
            ("c", &["Exmouth", "Kirkwall", "Ludlow", "Fishguard"]),
            ("p", &["CX4471|CX0938", "PL220|PL519", "T-88|T-41", "7Q6|3M2"]),
            ("d", &["2031-07-09", "2030-12-13", "2031-10-27", "2032-03-05"]),
        ],
    },
    Family {
        id: "cinema",
        tools: &[
            "book_seats(film: str, time: str \"HH:MM\", seats: [str]) Books seats for a showing.",
            "refund_ticket(code: str) Gives the money for a ticket back.",
            "list_films(city: str) Tells which films are shown in a city.",
        ],
        requests: &[
            [
                "nested",
                "Book the seats <s> and <s.1> for \"<f>\" at <t>.",
                r#"[{"name":"book_seats","arguments":{"film":"<f>","time":"<t>","seats":["<s>","<s.1>"]}}]"#,
            ],
            ["none", "Who plays the leading part in \"<f>\"?", "[]"],
            [
                "parallel",
                "What is on in <c>, and what is on in <c.1>?",
                r#"[{"name":"list_films","arguments":{"city":"<c>"}},{"name":"list_films","arguments":{"city":"<c.1>"}}]"#,
            ],
            ["missing", "Book the seats <s> and <s.1> for \"<f>\".", r#"[{"ask":"time"}]"#],
        ],
        slots: &[
            ("s", &["D4|D5", "H11|H12", "A1|A2", "F7|F9"]),
            ("f", &["The Amber Coast", "Nobody Calls at Noon", "Third Floor Left", "A Kite in March"]),
            ("t", &["19:45", "16:10", "21:30", "20:15"]),
            ("c", &["Norwich|Exeter", "Perth|Stirling", "Galway|Sligo", "Bath|Hull"]),
        ],
    },
    Family {
        id: "fitness",
        tools: &[
            "log_workout(workout: {sport: running|swimming|cycling, minutes: int}) Notes a workout.",
            "set_goal(goal: {metric: steps|minutes, per_day: int}) Sets a daily goal.",
            "log_weight(kg: num, date: str \"YYYY-MM-DD\") Notes a body weight.",
        ],
        requests: &[
            [
                "nested",
                "My new goal is <n> <n.1> a day.",
                r#"[{"name":"set_goal","arguments":{"goal":{"metric":"<n.1>","per_day":<n>}}}]"#,
            ],
            ["none", "Show me a video on <s> for somebody who is <y> years old.", "[]"],
            [
                "parallel",
                "Today I did <k> minutes of <s> and <k.1> minutes of <s.1>. Note both.",
                r#"[{"name":"log_workout","arguments":{"workout":{"sport":"<s>","minutes":<k>}}},{"name":"log_workout","arguments":{"workout":{"sport":"<s.1>","minutes":<k.1>}}}]"#,
            ],
            ["missing", "Note that I weighed <w> kilograms the other day.", r#"[{"ask":"date"}]"#],
        ],
        slots: &[
            ("n", &["8000|steps", "90|minutes", "45|minutes", "12000|steps"]),
            ("k", &["30|45", "25|60", "50|20", "40|35"]),
            ("s", &["running|swimming", "cycling|running", "swimming|cycling"]),
            ("w", &["71.5", "64", "88.2", "59.8"]),
            ("y", &["19", "27", "52", "66"]),
        ],
    },
    Family {
        id: "taxi",
        tools: &[
            "order_taxi(pickup: {street: str, number: int}, passengers: int) Orders a taxi.",
            "cancel_taxi(ride: str) Cancels a taxi.",
            "estimate_fare(start: str, goal: str) Tells what a ride will cost.",
            "report_lost_item(ride: str, item: str) Reports something left in a taxi.",
        ],
        requests: &[
            [
                "nested",
                "Please send a taxi for <n> people. It should pick us up at <k> <s>.",
                r#"[{"name":"order_taxi","arguments":{"pickup":{"street":"<s>","number":<k>},"passengers":<n.1>}}]"#,
            ],
            ["none", "Which driving school near <s> is the cheapest?", "[]"],
            [
                "parallel",
                "What would a ride from <a> to <b> cost, and what would one from <a> to <b.1>?",
                r#"[{"name":"estimate_fare","arguments":{"start":"<a>","goal":"<b>"}},{"name":"estimate_fare","arguments":{"start":"<a>","goal":"<b.1>"}}]"#,
            ],
            ["missing", "I left my <i> in one of your taxis. Please report that.", r#"[{"ask":"ride"}]"#],
        ],
        slots: &[
            ("n", &["three|3", "two|2", "4|4", "6|6"]),
            ("k", &["18", "240", "5", "77"]),
            ("s", &["Chapel Street", "Foundry Lane", "Orchard Way", "Bishop Road"]),
            ("a", &["Fairwater", "Oldgate", "Marsh End", "Stonebridge"]),
            ("b", &["Castleton|Riverhead", "Newpark|Ferryhill", "Greenwell|Thornby", "Sandford|Hilltop"]),
            ("i", &["umbrella", "laptop", "violin", "red scarf"]),
        ],
    },
    Family {
        id: "accounts",
        tools: &[
            "create_user(user: {name: str, role: admin|editor|viewer}) Creates a user.",
            "delete_user(name: str) Deletes a user.",
            "reset_password(name: str, length: int \"characters\") Gives a user a new password.",
            "lock_user(name: str, days: int) Locks a user out for some days.",
        ],
        requests: &[
            [
                "nested",
                "Create the user <u> with the role of <r>.",
                r#"[{"name":"create_user","arguments":{"user":{"name":"<u>","role":"<r>"}}}]"#,
            ],
            ["none", "Raise the salary of <u> by <k> percent.", "[]"],
            [
                "parallel",
                "<u> and <v> have both left the firm, so delete them.",
                r#"[{"name":"delete_user","arguments":{"name":"<u>"}},{"name":"delete_user","arguments":{"name":"<v>"}}]"#,
            ],
            ["missing", "Lock <u> out for a while.", r#"[{"ask":"days"}]"#],
        ],
        slots: &[
            ("u", &["mwatts", "lena.ko", "j_doran", "pfisher"]),
            ("v", &["t.okun", "gray88", "hveld", "s_marin"]),
            ("r", &["editor", "viewer", "admin"]),
            ("k", &["3", "5", "8", "2"]),
        ],
    },
    Family {
        id: "vacuum",
        tools: &[
            "clean_room(room: str, settings: {power: low|high, passes: int}) Cleans a room.",
            "go_to_dock() Sends the robot to its charger.",
            "block_room(room: str, until: str \"HH:MM\") Keeps the robot out of a room until a time.",
        ],
        requests: &[
            [
                "nested",
                "Clean the <r> with <p> power and <n> passes.",
                r#"[{"name":"clean_room","arguments":{"room":"<r>","settings":{"power":"<p>","passes":<n.1>}}}]"#,
            ],
            ["none", "Take the curtains in the <r> down and iron them.", "[]"],
            [
                "parallel",
                "Stay out of the <r> until <t> and out of the <q> until <t.1>.",
                r#"[{"name":"block_room","arguments":{"room":"<r>","until":"<t>"}},{"name":"block_room","arguments":{"room":"<q>","until":"<t.1>"}}]"#,
            ],
            ["missing", "The baby is asleep in the <r>, so keep out of there for now.", r#"[{"ask":"until"}]"#],
        ],
        slots: &[
            ("r", &["lounge", "library", "corridor", "pantry"]),
            ("q", &["porch", "gym", "laundry room", "gallery"]),
            ("p", &["low", "high"]),
            ("n", &["two|2", "three|3", "4|4"]),
            ("t", &["14:30|16:00", "10:15|09:40", "18:00|19:20", "12:45|15:10"]),
        ],
    },
    Family {
        id: "kitchen",
        tools: &[
            "save_recipe(name: str, ingredients: [{item: str, grams: int}]) Saves a recipe.",
            "set_oven(degrees: int, minutes: int) Heats the oven for some time.",
            "add_to_list(item: str, pieces: int) Puts something on the shopping list.",
        ],
        requests: &[
            [
                "nested",
                "Save the recipe \"<n>\": <g> grams of <i> and <g.1> grams of <i.1>.",
                r#"[{"name":"save_recipe","arguments":{"name":"<n>","ingredients":[{"item":"<i>","grams":<g>},{"item":"<i.1>","grams":<g.1>}]}}]"#,
            ],
            ["none", "Invite the neighbours over for \"<n>\" on Saturday.", "[]"],
            [
                "parallel",
                "Put <k> <x> and <k.1> <x.1> on the shopping list.",
                r#"[{"name":"add_to_list","arguments":{"item":"<x>","pieces":<k>}},{"name":"add_to_list","arguments":{"item":"<x.1>","pieces":<k.1>}}]"#,
            ],
            ["missing", "Heat the oven to <d> degrees.", r#"[{"ask":"minutes"}]"#],
        ],
        slots: &[
            ("n", &["Monday Bake", "Granny's Crumble", "Quick Dough", "Winter Salad"]),
            ("g", &["200|75", "350|120", "90|40", "500|15"]),
            ("i", &["oats|honey", "beets|walnuts", "spelt|yeast", "quark|berries"]),
            ("k", &["6|2", "4|10", "3|8", "12|5"]),
            ("x", &["lemons|cucumbers", "buns|sausages", "limes|mangoes", "bagels|pears"]),
            ("d", &["180", "220", "160", "200"]),
        ],
    },
    Family {
        id: "canvas",
        tools: &[
            "draw_circle(center: {x: int, y: int}, radius: int) Draws a circle.",
            "draw_text(text: str, size: int) Writes a text on the canvas.",
            "fill_background(color: gray|pink|teal) Fills the background with a color.",
            "clear_canvas() Removes everything.",
        ],
        requests: &[
            [
                "nested",
                "Draw a circle around the point x <x>, y <x.1> with the radius <r>.",
                r#"[{"name":"draw_circle","arguments":{"center":{"x":<x>,"y":<x.1>},"radius":<r>}}]"#,
            ],
            ["none", "Send the picture with the word \"<t>\" to the printing shop.", "[]"],
            [
                "parallel",
                "Make the background <c> and write \"<t>\" on it in size <s>.",
                r#"[{"name":"fill_background","arguments":{"color":"<c>"}},{"name":"draw_text","arguments":{"text":"<t>","size":<s>}}]"#,
            ],
            ["missing", "Draw a circle around the point x <x>, y <x.1>.", r#"[{"ask":"radius"}]"#],
        ],
        slots: &[
            ("x", &["40|60", "125|30", "75|210", "10|95"]),
            ("r", &["15", "8", "50", "22"]),
            ("t", &["Welcome", "Closed today", "Mind the step", "Fresh paint"]),
            ("c", &["gray", "pink", "teal"]),
            ("s", &["24", "36", "18", "60"]),
        ],
    },
];
