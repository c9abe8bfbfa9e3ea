//! Families for training: other tools, sentences and words than in the evaluation.

use super::Family;

pub(super) const FAMILIES: &[Family] = &[
    Family {
        id: "train-alarm",
        tools: &[
            "arm_system(mode: home|away) Arms the burglar alarm.",
            "disarm_system(pin: str) Disarms the burglar alarm.",
            "show_camera(door: str) Shows the picture of a camera.",
            "add_guard(guard: {surname: str, shift: dawn|dusk}) Adds a guard to the roster.",
        ],
        requests: &[
            [
                "pick",
                "Who is standing at the <d> door? Let me see.",
                r#"[{"name":"show_camera","arguments":{"door":"<d>"}}]"#,
            ],
            [
                "nested",
                "Put the guard <w> on the <s> shift.",
                r#"[{"name":"add_guard","arguments":{"guard":{"surname":"<w>","shift":"<s>"}}}]"#,
            ],
            ["none", "Ask <w> whether he paid for the new lock on the <d> door.", "[]"],
        ],
        slots: &[
            ("d", &["garage", "back", "cellar", "balcony", "side", "stable", "roof"]),
            (
                "w",
                &["Tarrant", "Molloy", "Vickers", "Osei", "Brandl", "Kovacs", "Lemaire", "Quigley", "Ronson", "Sato"],
            ),
            ("s", &["dawn", "dusk"]),
        ],
    },
    Family {
        id: "train-zoo",
        tools: &[
            "feed_animal(species: str, kilos: num) Orders food for an animal.",
            "call_vet(species: str, symptom: str) Calls the vet to an animal.",
            "move_animal(species: str, enclosure: int, at: str \"HH:MM\") Moves an animal.",
        ],
        requests: &[
            [
                "flat",
                "At <t> the <a> has to move to enclosure <n>.",
                r#"[{"name":"move_animal","arguments":{"species":"<a>","enclosure":<n>,"at":"<t>"}}]"#,
            ],
            [
                "parallel",
                "Food for today: <k> kilos for the <a> and <k.1> kilos for the <b>.",
                r#"[{"name":"feed_animal","arguments":{"species":"<a>","kilos":<k>}},{"name":"feed_animal","arguments":{"species":"<b>","kilos":<k.1>}}]"#,
            ],
            ["missing", "The <a> must be moved to enclosure <n>.", r#"[{"ask":"at"}]"#],
        ],
        slots: &[
            ("a", &["tapir", "lynx", "otter", "gibbon", "llama", "badger"]),
            ("b", &["emu", "walrus", "meerkat", "puma", "yak"]),
            ("n", &["5", "13", "27", "31", "44"]),
            ("k", &["6.5|13", "2.5|9.5", "17|0.4", "3.8|21"]),
            ("t", &["06:05", "13:50", "15:25", "19:05", "10:35"]),
        ],
    },
    Family {
        id: "train-forum",
        tools: &[
            "post_reply(thread: int, body: str) Posts a reply in a thread.",
            "close_thread(thread: int) Closes a thread.",
            "ban_member(member: {nick: str, hours: int}, reason: spam|insult) Bans a member.",
            "pin_thread(thread: int, for_days: int) Keeps a thread on top.",
        ],
        requests: &[
            [
                "pick",
                "Thread <n> has run its course. Nobody should be able to write there.",
                r#"[{"name":"close_thread","arguments":{"thread":<n>}}]"#,
            ],
            [
                "nested",
                "Ban <m> for <h> hours because of <r>.",
                r#"[{"name":"ban_member","arguments":{"member":{"nick":"<m>","hours":<h>},"reason":"<r>"}}]"#,
            ],
            ["missing", "Keep thread <n> on top for a few days.", r#"[{"ask":"for_days"}]"#],
        ],
        slots: &[
            ("n", &["7731", "4056", "982", "6117", "3390", "5208", "1449"]),
            ("m", &["loudowl", "ink_pot", "gravel9", "mossy", "tubaman", "qwill"]),
            ("h", &["36", "48", "72", "96"]),
            ("r", &["spam", "insult"]),
        ],
    },
    Family {
        id: "train-ship",
        tools: &[
            "book_cabin(traveller: str, deck: upper|lower, berth: int) Books a cabin.",
            "ask_tide(port: str) Tells when the tide is high.",
            "load_car(plate: str, meters: num) Puts a car on the loading list.",
        ],
        requests: &[
            [
                "flat",
                "Book berth <n> on the <d> deck for <w>.",
                r#"[{"name":"book_cabin","arguments":{"traveller":"<w>","deck":"<d>","berth":<n>}}]"#,
            ],
            ["none", "Paint the <d> deck before <w> comes aboard.", "[]"],
            [
                "parallel",
                "When is high water in <p>, and when in <p.1>?",
                r#"[{"name":"ask_tide","arguments":{"port":"<p>"}},{"name":"ask_tide","arguments":{"port":"<p.1>"}}]"#,
            ],
        ],
        slots: &[
            ("n", &["512", "629", "733", "846"]),
            ("d", &["upper", "lower"]),
            ("w", &["Gerda Falk", "Milo Stent", "Ines Paro", "Abel Quist", "Dinah Frost"]),
            ("p", &["Ostend|Harwich", "Larne|Stranraer", "Brest|Plymouth", "Kiel|Malmö", "Ancona|Split"]),
        ],
    },
    Family {
        id: "train-radio",
        tools: &[
            "tune(frequency: num) Tunes in to a frequency.",
            "record_show(show: str, begin: str \"HH:MM\", span: int \"minutes\") Records a show.",
            "mute(seconds: int) Mutes the radio for a while.",
            "save_station(station: {callsign: str, frequency: num}) Saves a station.",
        ],
        requests: &[
            [
                "pick",
                "I would like to listen to what is on at <f> megahertz.",
                r#"[{"name":"tune","arguments":{"frequency":<f>}}]"#,
            ],
            [
                "nested",
                "Keep the station <c>, <f> megahertz, in the memory.",
                r#"[{"name":"save_station","arguments":{"station":{"callsign":"<c>","frequency":<f>}}}]"#,
            ],
            [
                "flat",
                "Record \"<s>\" at <t> for <l> minutes.",
                r#"[{"name":"record_show","arguments":{"show":"<s>","begin":"<t>","span":<l>}}]"#,
            ],
        ],
        slots: &[
            ("f", &["88.4", "92.7", "101.3", "104.9", "97.6", "106.2"]),
            ("c", &["Delta One", "Radio Fjord", "Coastline", "Echo Valley"]),
            ("s", &["Night Train Jazz", "Farm Report", "Old Debates", "The Late Quiz"]),
            ("t", &["22:05", "05:50", "12:10", "23:15"]),
            ("l", &["55", "110", "105", "65"]),
        ],
    },
    Family {
        id: "train-lab",
        tools: &[
            "order_chemical(substance: str, amount_g: num) Orders a chemical.",
            "book_microscope(person: str, hours: int) Books the microscope.",
            "dispose_sample(sample: str) Disposes of a sample.",
        ],
        requests: &[
            ["none", "Write an application for a grant in the name of <w>.", "[]"],
            [
                "parallel",
                "Samples <x> and <y> have gone bad, so get rid of both.",
                r#"[{"name":"dispose_sample","arguments":{"sample":"<x>"}},{"name":"dispose_sample","arguments":{"sample":"<y>"}}]"#,
            ],
            ["missing", "We have no <c> left. Order more of it.", r#"[{"ask":"amount_g"}]"#],
        ],
        slots: &[
            ("w", &["Dr Hollis", "Dr Abaza", "Dr Lundgren", "Dr Pereira", "Dr Shen"]),
            ("x", &["S-014", "S-233", "S-871", "S-450"]),
            ("y", &["U-66", "U-19", "U-82", "U-37"]),
            ("c", &["borax", "glycerine", "iodine", "agar", "zinc oxide"]),
        ],
    },
    Family {
        id: "train-lift",
        tools: &[
            "call_lift(floor: int) Calls the lift to a floor.",
            "lock_floor(floor: int, open_again: str \"HH:MM\") Locks a floor until a time.",
            "report_fault(lift: str, fault: noise|door|light) Reports a fault.",
        ],
        requests: &[
            [
                "pick",
                "We are waiting on floor <n>, and no cabin comes.",
                r#"[{"name":"call_lift","arguments":{"floor":<n>}}]"#,
            ],
            [
                "parallel",
                "Lock floor <n> until <t> and floor <m> until <t.1>.",
                r#"[{"name":"lock_floor","arguments":{"floor":<n>,"open_again":"<t>"}},{"name":"lock_floor","arguments":{"floor":<m>,"open_again":"<t.1>"}}]"#,
            ],
            ["missing", "Nobody should get to floor <n> for now. Lock it.", r#"[{"ask":"open_again"}]"#],
        ],
        slots: &[
            ("n", &["11", "16", "19", "23", "28"]),
            ("m", &["33", "37", "41", "46"]),
            ("t", &["07:10|08:25", "13:35|15:55", "17:45|22:20", "09:05|10:50"]),
        ],
    },
    Family {
        id: "train-theatre",
        tools: &[
            "hire_costume(costume: str, actor: str, fit: small|large) Hires a costume.",
            "plan_rehearsal(play: str, hall: str, hour: int) Sets a rehearsal.",
            "add_prop(prop: {thing: str, act: int}) Adds a prop to the list.",
        ],
        requests: &[
            [
                "flat",
                "<w> needs the <c> costume in <z>.",
                r#"[{"name":"hire_costume","arguments":{"costume":"<c>","actor":"<w>","fit":"<z>"}}]"#,
            ],
            [
                "nested",
                "We need a <x> in act <n>. Note it on the list of props.",
                r#"[{"name":"add_prop","arguments":{"prop":{"thing":"<x>","act":<n>}}}]"#,
            ],
            ["none", "Write a friendly review of how <w> plays the <c>.", "[]"],
        ],
        slots: &[
            ("w", &["Ivy Sandoval", "Ralph Teal", "Connie Maddox", "Stefan Roth", "Bela Horn"]),
            ("c", &["pirate", "shepherd", "judge", "fairy", "clown"]),
            ("z", &["small", "large"]),
            ("x", &["candlestick", "birdcage", "rapier", "rocking chair", "mirror"]),
            ("n", &["1", "2", "3"]),
        ],
    },
];
