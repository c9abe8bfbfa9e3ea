//! Objects under constraints, in four wordings each: the text leaves something out, holds letters beyond ASCII, is
//! long, or corrects itself.

use super::Frame;

pub(super) const FRAMES: &[Frame] = &[
    Frame {
        id: "table",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"name":{"type":"string","maxLength":40},"guests":{"type":"integer","minimum":1,"maximum":20},"time":{"type":"string","description":"HH:MM, 24 hours"},"phone":{"type":["string","null"]}},"required":["name","guests","time","phone"],"additionalProperties":false}"#,
        gold: r#"{"name":"<w>","guests":<g.1>,"time":"<t.1>","phone":"<p>"}"#,
        texts: &[
            [
                "A table for <g> at <t>, please. The name is <w>. I will call you again tomorrow from another phone.",
                r#"{"name":"<w>","guests":<g.1>,"time":"<t.1>","phone":null}"#,
            ],
            [
                "Reservation for <u>, <g> guests, <t>. 📞 <p>. They are looking forward to the crème brûlée! 🍮",
                r#"{"name":"<u>","guests":<g.1>,"time":"<t.1>","phone":"<p>"}"#,
            ],
            [
                "Good afternoon. We were at your restaurant last spring and still talk about the fish, so we would love to come back. It is a birthday, nothing too formal, and if the weather is kind we would rather sit in the courtyard than indoors. Some of us do not eat meat, but I saw on your page that this is no trouble. Could you keep a table for <g> people for us? We can be there at <t>, not earlier, because two of us come by train. Please book it under the name of <w>. If anything is unclear, the number to call is <p>; the line is often busy in the morning, so it is best to try after lunch. Many thanks, and please greet the chef from us.",
                "",
            ],
            [
                "Hi, it is <w>. I would like a table for <x> people at <t>. Wait, some friends have just said that they are coming too, so make it <g> people in all. You can reach me under <p>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Marcus Eddy", "Tilda Rowan", "Anita Brock", "George Lumley", "Phoebe Strand", "Omar Haddad"]),
            (
                "u",
                &[
                    "Zoë Åkerblom",
                    "Jürgen Weiß",
                    "Łucja Dąbrowska",
                    "François Lefèvre",
                    "Núria Peñalver",
                    "Søren Bækgaard",
                ],
            ),
            ("g", &["nine|9", "12|12", "eight|8", "10|10", "11|11", "14|14"]),
            ("x", &["four", "6", "five", "7"]),
            (
                "t",
                &[
                    "19:30|19:30",
                    "20:15|20:15",
                    "seven in the evening|19:00",
                    "18:45|18:45",
                    "half past eight in the evening|20:30",
                ],
            ),
            ("p", &["555 0142", "555 0178", "555 0119", "555 0164", "555 0127"]),
        ],
    },
    Frame {
        id: "support",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"user":{"type":"string"},"device":{"type":"string"},"error_code":{"type":["integer","null"],"minimum":100,"maximum":999},"severity":{"enum":["low","normal","urgent"]},"warranty":{"type":["boolean","null"]}},"required":["user","device","error_code","severity","warranty"],"additionalProperties":false}"#,
        gold: r#"{"user":"<w>","device":"<d>","error_code":<e>,"severity":"<s>","warranty":<g.1>}"#,
        texts: &[
            [
                "<w> reports that the \"<d>\" does not start any more. The screen stays black and shows no code at all. Severity: <s>. <g>.",
                r#"{"user":"<w>","device":"<d>","error_code":null,"severity":"<s>","warranty":<g.1>}"#,
            ],
            [
                "Ticket from <u>: my \"<d>\" stops with error <e> as soon as a file name contains ñ, ø or ž. Severity: <s>. <g>.",
                r#"{"user":"<u>","device":"<d>","error_code":<e>,"severity":"<s>","warranty":<g.1>}"#,
            ],
            [
                "Dear support team, I have been using your machines for many years and have always been content with them, which is why I write before I look for a repair shop of my own. Last week I moved the desk to the other side of the room, and since then nothing works as it should. First I changed the cable, then the socket, then I read the whole manual from the first page to the last, and my neighbour, who knows about such things, shook his head as well. The \"<d>\" switches on, hums for a while and then reports error <e>. That is all it does. <g>, as the papers in the box show. In your form I have set the severity to <s>, I hope that is right. With kind regards, <w>",
                "",
            ],
            [
                "<w> here, about the \"<d>\". It shows error <x>. Sorry, I had my old glasses on: the code on the display is <e>, not <x>. <g>. The severity is <s>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Deirdre Nolan", "Casper Winn", "Judith Amory", "Bashir Aziz", "Lorna Speight", "Emil Novak"]),
            (
                "u",
                &[
                    "Iñaki Etxeberria",
                    "Çağla Yıldız",
                    "Bożena Źrebiec",
                    "Þóra Jónsdóttir",
                    "Ángel Muñoz",
                    "Jiří Dvořák",
                ],
            ),
            ("d", &["Scanmate 200", "Printo Duo", "Vista Panel", "Router Mini", "Copydesk S", "Beamer One"]),
            ("e", &["417", "203", "588", "731", "640", "915"]),
            ("x", &["147", "320", "858", "371"]),
            ("s", &["low", "normal", "urgent"]),
            ("g", &["The warranty is still valid|true", "The warranty has run out|false"]),
        ],
    },
    Frame {
        id: "parcel",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"sender":{"type":"string"},"weight_kg":{"type":["number","null"],"exclusiveMinimum":0,"maximum":30},"pickup_date":{"type":"string","description":"YYYY-MM-DD"},"window":{"enum":["morning","afternoon","evening"]},"reference":{"type":"string","maxLength":12}},"required":["sender","weight_kg","pickup_date","window","reference"],"additionalProperties":false}"#,
        gold: r#"{"sender":"<w>","weight_kg":<k>,"pickup_date":"<d.1>","window":"<h>","reference":"<r>"}"#,
        texts: &[
            [
                "Pickup for <w> on <d> in the <h>, reference <r>. The parcel has not been weighed.",
                r#"{"sender":"<w>","weight_kg":null,"pickup_date":"<d.1>","window":"<h>","reference":"<r>"}"#,
            ],
            [
                "Pickup on <d>, in the <h>. Sender: <u>. Reference: <r>. Weight: <k> kg → please ring twice 🔔",
                r#"{"sender":"<u>","weight_kg":<k>,"pickup_date":"<d.1>","window":"<h>","reference":"<r>"}"#,
            ],
            [
                "Hello, we run a small pottery in the valley and send our bowls all over the country, mostly with your company. The drivers know us, the dog knows the drivers, and in all this time only one lid has been broken, which was our own fault. There is one more parcel that should go out soon. It is packed in straw and two layers of paper, and with everything it weighs <k> kilograms on our kitchen scales. Could somebody come for it on <d>? In the <h> there is always somebody in the shop; at other times the door may be locked because the kiln needs us. The paper on the box says <r>, which is the reference your system gave us. The sender is <w>. Thank you, and drive carefully on the bridge.",
                "",
            ],
            [
                "Please collect the parcel with the reference <r> on <x>, in the <h>. Correction: on that day the shop is closed, so come on <d> instead, also in the <h>. It weighs <k> kg. The sender is <w>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Adele Mercer", "Ivan Stoll", "Rhona Blake", "Theo Garland", "Pilar Conti", "Walter Nye"]),
            (
                "u",
                &["Žofia Hrušková", "Håkon Sjöberg", "Mária Kőszegi", "André Brandão", "İpek Şahin", "Gwenaëlle Quéré"],
            ),
            ("k", &["2.4", "7.5", "0.8", "12.6", "4.9", "18.3"]),
            (
                "d",
                &[
                    "6 June 2031|2031-06-06",
                    "17 September 2030|2030-09-17",
                    "29 March 2032|2032-03-29",
                    "10 October 2031|2031-10-10",
                    "24 January 2032|2032-01-24",
                    "3 August 2030|2030-08-03",
                ],
            ),
            ("x", &["2 May 2031", "15 September 2030", "26 December 2031", "9 July 2030"]),
            ("h", &["morning", "afternoon", "evening"]),
            ("r", &["PK-4471", "A91C", "ref.2206", "77-XY-1", "LOT 58", "Q0-339"]),
        ],
    },
    Frame {
        id: "course",
        kind: "constraints",
        lang: "en",
        schema: r#"{"type":"object","properties":{"student":{"type":"string"},"course":{"type":"string"},"level":{"type":"integer","minimum":1,"maximum":6},"email":{"type":["string","null"]},"materials":{"type":"array","items":{"type":"string"},"minItems":2,"maxItems":2,"description":"in the order of the text"}},"required":["student","course","level","email","materials"],"additionalProperties":false}"#,
        gold: r#"{"student":"<w>","course":"<c>","level":<l>,"email":"<e>","materials":["<m>","<m.1>"]}"#,
        texts: &[
            [
                "<w> signs up for \"<c>\", level <l>, and needs two materials: <m> and <m.1>. We have only a postal address.",
                r#"{"student":"<w>","course":"<c>","level":<l>,"email":null,"materials":["<m>","<m.1>"]}"#,
            ],
            [
                "New student ✏️: <u>, course \"<c>\", level <l>. To bring along: <m>, <m.1>. E-mail: <e>.",
                r#"{"student":"<u>","course":"<c>","level":<l>,"email":"<e>","materials":["<m>","<m.1>"]}"#,
            ],
            [
                "To the office of the evening school: my daughter gave me a course as a present, and I have thought about it for a whole month, because the evenings are short and the way to town is long. In the end I have decided to come. I did a little of this as a child, forgot everything, and then began again when I retired, so the lady at the desk told me that level <l> would be right for me. The course I mean is \"<c>\". She also said that everybody brings <m> and <m.1>, and that the rest is provided. I would like a seat near the window if there is one. My name is <w>, and letters by computer reach me at <e>. I look forward to the first evening and remain yours sincerely.",
                "",
            ],
            [
                "Registration for <w>: course \"<c>\", level <x>. No, after the test we place <w> in level <l>. The materials are <m> and <m.1>, the e-mail address is <e>.",
                "",
            ],
        ],
        slots: &[
            ("w", &["Cora Bexley", "Niall Thorpe", "Yvonne Satter", "Hamid Farsi", "Elspeth Crane", "Boris Venn"]),
            (
                "u",
                &["Chloë Dubœuf", "Anđela Marković", "Siân Llŷr", "Günther Größl", "Małgorzata Święs", "José Ibáñez"],
            ),
            ("c", &["Drawing Hands", "Bookbinding", "Reading Maps", "Night Photography", "Weaving", "Stone Carving"]),
            ("l", &["2", "3", "4", "6"]),
            ("x", &["1", "5"]),
            (
                "e",
                &[
                    "post@fernway.example",
                    "inbox@hollis.example",
                    "hello@tarn.example",
                    "me@brightside.example",
                    "mail@oakroom.example",
                ],
            ),
            ("m", &["pencils|paper", "scissors|glue", "gloves|string", "ribbons|wire", "chalk|charcoal"]),
        ],
    },
    Frame {
        id: "affitto",
        kind: "constraints",
        lang: "it",
        schema: r#"{"type":"object","properties":{"zona":{"type":"string"},"canone":{"type":"integer","minimum":100,"maximum":5000},"locali":{"type":"integer","minimum":1},"piano":{"type":["integer","null"]},"ascensore":{"type":["boolean","null"]}},"required":["zona","canone","locali","piano","ascensore"],"additionalProperties":false}"#,
        gold: r#"{"zona":"<z>","canone":<c>,"locali":<l.1>,"piano":<p.1>,"ascensore":<a.1>}"#,
        texts: &[
            [
                "Affittasi appartamento di <l> locali in zona <z>, canone <c> euro al mese. Per sapere se c'è un ascensore e a quale piano si trova l'appartamento, rivolgersi al portiere.",
                r#"{"zona":"<z>","canone":<c>,"locali":<l.1>,"piano":null,"ascensore":null}"#,
            ],
            [
                "🏠 Zona <u>: <l> locali al <p> piano, <a>. Canone: <c> € al mese. La città è già lì sotto!",
                r#"{"zona":"<u>","canone":<c>,"locali":<l.1>,"piano":<p.1>,"ascensore":<a.1>}"#,
            ],
            [
                "Gentili signori, scrivo a nome di mia nonna, che lascia la casa in cui ha vissuto a lungo per trasferirsi da noi in campagna. È una casa luminosa, con le finestre verso il parco e una cucina in cui abbiamo mangiato tutti insieme ogni domenica. I muri sono stati dipinti da poco e il pavimento è quello di una volta, un po' rigato ma bello. L'appartamento si trova in zona <z>, vicino alla fermata del tram, e ha <l> locali oltre al bagno. Per il trasloco è bene sapere che siamo al <p> piano e che si tratta di un palazzo <a>. La nonna chiede un canone di <c> euro al mese e preferirebbe una famiglia tranquilla, magari con un gatto, perché le mancherà il suo. Per una visita basta telefonare nel tardo pomeriggio.",
                "",
            ],
            [
                "In zona <z> si affittano <l> locali al <p> piano, <a>. Il canone è di <x> euro al mese. Rettifica: il proprietario ha cambiato idea, ora il canone è di <c> euro al mese.",
                "",
            ],
        ],
        slots: &[
            ("z", &["Fornaci", "Porta Vecchia", "Giardini", "Stazione", "Molino", "Belvedere"]),
            ("u", &["Libertà", "Caffè Nuovo", "Cà Rossa", "Trinità", "Perù", "Lungopò"]),
            ("c", &["650", "820", "1150", "940", "780", "1300"]),
            ("x", &["600", "990", "1240", "710"]),
            ("l", &["due|2", "tre|3", "quattro|4", "cinque|5"]),
            ("p", &["primo|1", "secondo|2", "terzo|3", "quarto|4", "sesto|6"]),
            ("a", &["con ascensore|true", "senza ascensore|false"]),
        ],
    },
    Frame {
        id: "officina",
        kind: "constraints",
        lang: "it",
        schema: r#"{"type":"object","properties":{"cliente":{"type":"string"},"targa":{"type":"string","maxLength":8},"chilometri":{"type":["integer","null"],"minimum":0},"giorno":{"enum":["lunedì","martedì","mercoledì","giovedì","venerdì"]},"lavoro":{"type":"string"}},"required":["cliente","targa","chilometri","giorno","lavoro"],"additionalProperties":false}"#,
        gold: r#"{"cliente":"<w>","targa":"<t>","chilometri":<k>,"giorno":"<g>","lavoro":"<l>"}"#,
        texts: &[
            [
                "<w> porta la macchina targata <t> <g>. Lavoro richiesto: \"<l>\". Il contachilometri è rotto e non si legge.",
                r#"{"cliente":"<w>","targa":"<t>","chilometri":null,"giorno":"<g>","lavoro":"<l>"}"#,
            ],
            [
                "🔧 Appuntamento: <u>, targa <t>, <k> km. Giorno: <g>. Lavoro: \"<l>\". È già la seconda volta, perciò niente caffè finché non è finito!",
                r#"{"cliente":"<u>","targa":"<t>","chilometri":<k>,"giorno":"<g>","lavoro":"<l>"}"#,
            ],
            [
                "Buongiorno, vi scrivo perché mio cognato mi ha parlato bene della vostra officina e perché quella sotto casa mia ha chiuso durante l'inverno. La macchina ha fatto <k> chilometri senza un guasto serio, sempre in garage di notte e mai con la roulotte attaccata. Adesso però, quando piove, si sente un rumore strano che sparisce dopo qualche minuto, e mia moglie non vuole più salirci. Vorrei che ci deste un'occhiata con calma e intanto faceste quello che è previsto dal libretto, cioè \"<l>\". La targa è <t>. Posso lasciarvela <g>, la mattina presto, e tornare a prenderla in autobus quando mi chiamate. Se serve un pezzo di ricambio, avvisatemi prima di ordinarlo. Grazie e a presto, <w>",
                "",
            ],
            [
                "Segna <w>, targa <t>, <k> chilometri, per <x>. Anzi no, quel giorno l'officina è piena: il giorno giusto è <g>. Lavoro: \"<l>\".",
                "",
            ],
        ],
        slots: &[
            ("w", &["Gina Lupi", "Walter Sforni", "Amelia Betti", "Rocco Danesi", "Paola Viviani", "Cesare Ghini"]),
            ("u", &["Niccolò Forlì", "Mosè Cantù", "Nives Pradè", "Zoë Ardigò", "Noè Salò", "Renée Cugnò"]),
            ("t", &["AB123CD", "FK807LM", "GR552PT", "EZ041SV", "BX936NR", "CJ270WY"]),
            ("k", &["84000", "152300", "38750", "97400", "121000", "63200"]),
            ("g", &["lunedì", "giovedì", "venerdì"]),
            ("x", &["martedì", "mercoledì"]),
            ("l", &["cambio olio", "controllo freni", "cambio gomme", "nuova batteria", "pulizia filtri"]),
        ],
    },
];
