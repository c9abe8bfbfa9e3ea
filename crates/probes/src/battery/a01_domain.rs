//! A01 domain: which register a sentence belongs to. Six sentences of each register; command lines count as
//! technical, which is where small models are known to slip.

use super::lists::or_list;
use super::{Features, Mode, Probe, Question, Rule, labelled, shown};
use crate::item::FormatVariant;
use crate::row::Call;
use crate::text;

pub(super) const PROBE: Probe = Probe {
    id: "A01",
    name: "domain",
    version: 1,
    about: "Is a sentence technical, creative, ethical or casual?",
    mode: Mode::Lpx,
    format: FormatVariant::F2,
    labels: LABELS,
    max_tokens: 0,
    generator: "hand",
    seed: 0,
    questions,
    training,
    prompt,
    features: Features::Words,
    rule: Rule { name: "first_word", answer: first_word },
};

const LABELS: &[&str] = &["technical", "creative", "ethical", "casual"];

fn prompt(question: &Question, call: Call) -> String {
    let options = or_list(&shown(&question.options, call));
    format!("Which kind of text is this: {options}?\nText: {}\nAnswer with one word.", question.text)
}

fn questions() -> Vec<Question> {
    labelled(
        LABELS,
        &[
            (
                "technical",
                "prose",
                &[
                    "Run the backup script before you upgrade the database server.",
                    "The function returns a null pointer when the input buffer is empty.",
                    "Set the timeout to thirty seconds in the configuration file.",
                    "Each packet carries a checksum that the receiver verifies.",
                ],
            ),
            (
                "technical",
                "command",
                &["tar -xzf logs.tar.gz -C /var/archive", "grep -rn \"timeout\" src/ | sort | uniq -c"],
            ),
            (
                "creative",
                "prose",
                &[
                    "The moon spilled its silver over the sleeping rooftops.",
                    "She folded the summer into a letter and never sent it.",
                    "Somewhere beneath the ice, the frozen river hummed a lullaby.",
                    "His laughter was a lantern swinging through the dark house.",
                    "The forest held its breath as the fox stepped out of the fog.",
                    "Once, a clockmaker built a bird that sang only for ghosts.",
                ],
            ),
            ("ethical", "question", &["Is it wrong to lie to a friend in order to protect her feelings?"]),
            (
                "ethical",
                "judgement",
                &[
                    "A doctor must not share a patient's secrets without consent.",
                    "People who profit from a harm have a duty to repair it.",
                    "It would be unfair to punish the whole class for one child's mistake.",
                    "We should not test products on animals that can suffer.",
                    "Nobody ought to be judged by where they were born.",
                ],
            ),
            (
                "casual",
                "chat",
                &[
                    "hey, are you coming over later or what?",
                    "lol my cat just fell off the sofa again",
                    "ugh, I'm so tired, let's just order pizza tonight",
                    "yeah no worries, see you at the pub around eight!",
                    "omg did you see what Tom wore to the party?",
                    "gonna grab a coffee, want anything?",
                ],
            ),
        ],
    )
}

fn training() -> Vec<Question> {
    labelled(
        LABELS,
        &[
            (
                "technical",
                "training",
                &[
                    "Install the package and restart the service.",
                    "The parser rejects files larger than two megabytes.",
                    "git rebase -i main",
                    "The index speeds up queries on the email column.",
                    "Compile the module with debug symbols enabled.",
                    "A mutex protects the counter from concurrent writes.",
                    "curl -s https://example.org/health",
                    "The sensor sends its readings over a serial port.",
                    "Open the terminal and type the following command.",
                    "The cache is cleared whenever the process exits.",
                    "chmod 644 settings.toml",
                    "The router drops requests without a valid token.",
                ],
            ),
            (
                "creative",
                "training",
                &[
                    "The wind combed the wheat with slow golden fingers.",
                    "Night came down like a velvet curtain on the harbour.",
                    "A thousand paper boats carried her wishes out to sea.",
                    "The old piano remembered every song it had been told to forget.",
                    "Rain stitched the sky to the hills with threads of grey.",
                    "He kept a small storm in a jar beside his bed.",
                    "The stars leaned closer to hear the widow sing.",
                    "In the garden, the roses whispered of a queen turned to stone.",
                    "Her shadow danced long after the music had died.",
                    "Dawn crept over the ruins on bare and bleeding feet.",
                    "The dragon wept, and each tear became an island.",
                    "Silence bloomed between them like a winter flower.",
                ],
            ),
            (
                "ethical",
                "training",
                &[
                    "Is it right to break a promise if keeping it hurts someone?",
                    "Companies have a responsibility to treat their workers fairly.",
                    "It is wrong to take credit for another person's work.",
                    "Should a judge show mercy to someone who stole out of hunger?",
                    "Every person deserves to be treated with dignity.",
                    "A just society must protect its weakest members.",
                    "Stealing is wrong even when nobody notices.",
                    "Do we have a moral obligation to help strangers?",
                    "The rich ought to share with those in need.",
                    "It is unjust to deny anyone a fair trial.",
                    "Honesty matters more than winning.",
                    "Using people merely as a means violates their rights.",
                ],
            ),
            (
                "casual",
                "training",
                &[
                    "hi! how was your weekend?",
                    "haha that movie was so bad",
                    "nah I'm good, thanks though",
                    "sorry I'm late, the bus never showed up lol",
                    "what's up, wanna hang out on friday?",
                    "dude, this burger is awesome",
                    "ok cool, text me when you get home",
                    "wow, you look great in that jacket!",
                    "can't wait to see you guys tomorrow",
                    "oh man, I totally forgot my keys again",
                    "thanks a bunch, you're the best",
                    "hmm, maybe, let me check with my sister",
                ],
            ),
        ],
    )
}

/// The register of the training sentence that begins with the same word, the first in the list among several;
/// the first label where no sentence does.
fn first_word(question: &Question) -> String {
    let first = |text: &str| text::words(text).into_iter().next();
    let word = first(&question.text);
    let known = training().into_iter().find(|t| first(&t.text) == word);
    known.and_then(|t| t.gold.into_iter().next()).unwrap_or_else(|| "technical".to_string())
}
