//! Training sentences of A08: frames for the same twelve phenomena, filled from word lists of their own.

use super::both;
use crate::catalogue::Question;
use crate::seed::Seeded;

/// A right and a wrong sentence with slots `{0}`, `{1}`, `{2}`. A filler has one or more forms between slashes:
/// `{0}` is the first of them, `{0.b}` the second.
struct Frame {
    kind: &'static str,
    right: &'static str,
    wrong: &'static str,
    /// The fillers of each slot, separated by commas.
    slots: [&'static str; 3],
    /// The verb the sentence turns on: a lemma, or the number of the slot whose last form it is.
    lemma: Lemma,
}

#[derive(Clone, Copy)]
enum Lemma {
    None,
    Word(&'static str),
    Slot(usize),
}

const WORKERS: &str = "tailor,pilot,barber,farmer,lawyer,plumber,clerk,shepherd,janitor,banker,gardener,surgeon";
const OWNERS: &str = "landlord,butcher,major,colonel,bishop,vicar,mayor,widow,chemist,dentist,carpenter,grocer";
const HABITS: &str =
    "works/work,prays/pray,smokes/smoke,skates/skate,worries/worry,walks/walk,complies/comply,snores/snore";
const THINGS: &str = "lamp,bucket,ladder,vase,wheel,drawer,mirror,blanket,pillow,kettle,saucepan,towel";
const PLACES: &str = "desk,cupboard,wardrobe,piano,heater,counter,bookcase,radiator";
const DONE: &str = "opened/open,closed/close,removed/remove,washed/wash,locked/lock,moved/move,touched/touch";
const OBJECTS: &str = "gate,safe,tank,crate,barrel,hatch,trunk,garage";
const MODALS: &str = "must,should,may,might,will,could";

const FRAMES: [Frame; 27] = [
    Frame {
        kind: "agreement_near",
        right: "The {0} {1} every evening.",
        wrong: "The {0} {1.b} every evening.",
        slots: [WORKERS, HABITS, ""],
        lemma: Lemma::None,
    },
    Frame {
        kind: "agreement_near",
        right: "Most {0}s {1.b} on Saturdays.",
        wrong: "Most {0}s {1} on Saturdays.",
        slots: [WORKERS, HABITS, ""],
        lemma: Lemma::None,
    },
    Frame {
        kind: "agreement_far",
        right: "The {0} beside the {1}s {2} broken.",
        wrong: "The {0} beside the {1}s {2.b} broken.",
        slots: [THINGS, PLACES, "is/are,was/were,seems/seem,looks/look"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "agreement_far",
        right: "The {0}s on top of the {1} {2.b} heavy.",
        wrong: "The {0}s on top of the {1} {2} heavy.",
        slots: [THINGS, PLACES, "is/are,was/were,seems/seem,looks/look"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "determiner",
        right: "{0} {1} belongs to the {2}.",
        wrong: "{0.b} {1} belongs to the {2}.",
        slots: ["This/These,That/Those", THINGS, OWNERS],
        lemma: Lemma::None,
    },
    Frame {
        kind: "determiner",
        right: "The {2} paid for {0.b} {1}s.",
        wrong: "The {2} paid for {0} {1}s.",
        slots: ["this/these,that/those,each/various", THINGS, OWNERS],
        lemma: Lemma::None,
    },
    Frame {
        kind: "reflexive",
        right: "The {0} {1} {0.b} {2}.",
        wrong: "The {0} {1} {0.c} {2}.",
        slots: [
            "queen/herself/himself,duchess/herself/itself,prince/himself/herself,nuns/themselves/herself,\
             monks/themselves/himself,emperor/himself/ourselves,princess/herself/myself,knights/themselves/itself",
            "praised,amused,accused,embarrassed,comforted,judged,pitied,surprised",
            "in the end,after the show,on Thursday,at supper,for once,a second time",
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "reflexive",
        right: "{0} must look after {0.b} {1}.",
        wrong: "{0} must look after {0.c} {1}.",
        slots: [
            "I/myself/itself,We/ourselves/himself,They/themselves/herself,He/himself/myself,She/herself/themselves,\
             You/yourself/ourselves",
            "now,from today,in Rome,on the island,during the strike,until Monday",
            "",
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "past_time",
        right: "Last night the {0}s {1} the {2}.",
        wrong: "Last night the {0}s {1.b} the {2}.",
        slots: [WORKERS, DONE, OBJECTS],
        lemma: Lemma::Slot(1),
    },
    Frame {
        kind: "past_time",
        right: "Tomorrow the {0} will {1.b} the {2}.",
        wrong: "Tomorrow the {0} {1} the {2}.",
        slots: [OWNERS, DONE, OBJECTS],
        lemma: Lemma::Slot(1),
    },
    Frame {
        kind: "participle",
        right: "The {0} has given the {1} a {2}.",
        wrong: "The {0} has gave the {1} a {2}.",
        slots: [OWNERS, WORKERS, "medal,ticket,pension,warning,kettle,clue"],
        lemma: Lemma::Word("give"),
    },
    Frame {
        kind: "participle",
        right: "The {0} has worn that {1} {2} for weeks.",
        wrong: "The {0} has wore that {1} {2} for weeks.",
        slots: [OWNERS, "grey,green,yellow,velvet,woollen,striped", "jacket,hat,apron,jumper,belt"],
        lemma: Lemma::Word("wear"),
    },
    Frame {
        kind: "participle",
        right: "The {0} has frozen {1}.",
        wrong: "The {0} has froze {1}.",
        slots: ["stream,canal,puddle,fountain,well,marsh,ditch", "again,overnight,solid,completely,since Friday", ""],
        lemma: Lemma::Word("freeze"),
    },
    Frame {
        kind: "participle",
        right: "The {0}s have come {1}.",
        wrong: "The {0}s have came {1}.",
        slots: [WORKERS, "home late,without tools,from Lisbon,by taxi,too early,for the money", ""],
        lemma: Lemma::Word("come"),
    },
    Frame {
        kind: "modal",
        right: "The {0} {1} {2} the crate.",
        wrong: "The {0} {1} {2.b} the crate.",
        slots: [WORKERS, MODALS, "open/opens,close/to close,move/moved,wash/washing,lock/to lock,touch/touches"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "modal",
        right: "{0} you {1} the {2}?",
        wrong: "{0} you {1.b} the {2}?",
        slots: [
            "Can,Could,Will,Would",
            "open/to open,close/closes,move/to move,wash/washed,lock/locking,touch/touches",
            OBJECTS,
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "question_order",
        right: "Where did the {0} {1} the {2}?",
        wrong: "Where the {0} did {1} the {2}?",
        slots: [OWNERS, "wash,open,close,touch,lock,move", OBJECTS],
        lemma: Lemma::None,
    },
    Frame {
        kind: "question_order",
        right: "Why {1} the {0} {2}?",
        wrong: "Why the {0} {1} {2}?",
        slots: [WORKERS, "is,was", "angry,absent,asleep,famous,in prison,on the roof,outside"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "comparison",
        right: "The {0} is {1} than the {2}.",
        wrong: "The {0} is {1.b} than the {2}.",
        slots: [
            THINGS,
            "newer/more newer,wider/wide,darker/more darker,cleaner/clean,more practical/practicaller,\
             more useful/usefuller",
            OBJECTS,
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "comparison",
        right: "The {0} asked for the {1} {2}.",
        wrong: "The {0} asked for the {1.b} {2}.",
        slots: [
            OWNERS,
            "newest/most newest,widest/most widest,most practical/practicallest,most useful/usefullest,cleanest/most cleanest",
            THINGS,
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "quantity",
        right: "The {0} has {1} many {2}.",
        wrong: "The {0} has {1} much {2}.",
        slots: [WORKERS, "too,so,very", "duties,rivals,tenants,debts,lawsuits,helpers,nephews"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "quantity",
        right: "The {0} has {1} much {2}.",
        wrong: "The {0} has {1} many {2}.",
        slots: [OWNERS, "too,so", "homework,butter,paperwork,equipment,dust,patience,jewellery"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "pronoun_case",
        right: "The {0} {1} {2} on Tuesday.",
        wrong: "The {0} {1} {2.b} on Tuesday.",
        slots: [OWNERS, "called,helped,cheered,warned,rewarded,insulted", "him/he,them/they,us/we,me/I,her/she"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "pronoun_case",
        right: "{2} {1} the {0} on Thursday.",
        wrong: "{2.b} {1} the {0} on Thursday.",
        slots: [OWNERS, "called,helped,cheered,warned,rewarded,insulted", "He/Him,They/Them,We/Us,I/Me,She/Her"],
        lemma: Lemma::None,
    },
    Frame {
        kind: "complement",
        right: "The {0} {1} to {2}.",
        wrong: "The {0} {1} {2.b}.",
        slots: [
            OWNERS,
            "expects,wishes,pretends,fails,agreed",
            "resign/resigning,emigrate/emigrating,retire/retiring,cooperate/cooperating,vote/voting",
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "complement",
        right: "The {0} {1} {2.b}.",
        wrong: "The {0} {1} to {2}.",
        slots: [
            OWNERS,
            "postponed,delayed,risked,considered",
            "resign/resigning,emigrate/emigrating,retire/retiring,cooperate/cooperating,vote/voting",
        ],
        lemma: Lemma::None,
    },
    Frame {
        kind: "complement",
        right: "The {0} {1} the {2} wait.",
        wrong: "The {0} {1} the {2} to wait.",
        slots: [OWNERS, "lets,makes", WORKERS],
        lemma: Lemma::None,
    },
];

/// Right and wrong sentences in turn, the phenomena in turn, the fillers drawn with the seed.
pub(super) fn training(seed: u64, n: usize) -> Vec<Question> {
    let mut seeded = Seeded::new(seed);
    let mut order: Vec<(usize, &Frame)> = FRAMES.iter().enumerate().collect();
    seeded.shuffle(&mut order);
    let mut questions = Vec::with_capacity(n + 1);
    for (turn, (number, frame)) in order.iter().cycle().enumerate() {
        if questions.len() >= n {
            break;
        }
        let fillers = frame.slots.map(|slot| {
            let fillers: Vec<&str> = slot.split(',').map(str::trim).collect();
            fillers.get(seeded.below(fillers.len() as u64) as usize).copied().unwrap_or_default()
        });
        let lemma = match frame.lemma {
            Lemma::None => "",
            Lemma::Word(word) => word,
            Lemma::Slot(slot) => fillers.get(slot).and_then(|f| f.rsplit('/').next()).unwrap_or_default(),
        };
        let (right, wrong) = (fill(frame.right, &fillers), fill(frame.wrong, &fillers));
        let pair = both(frame.kind, &right, &wrong, lemma, &format!("train-{turn}"));
        let template = format!("train-{}-{number}", frame.kind);
        questions.extend(pair.map(|question| question.template(&template)));
    }
    questions.truncate(n);
    questions
}

/// Puts the fillers into the slots of a sentence.
fn fill(sentence: &str, fillers: &[&str]) -> String {
    let mut filled = sentence.to_string();
    for (slot, filler) in fillers.iter().enumerate() {
        for (form, place) in filler.split('/').zip(["", ".b", ".c"]) {
            filled = filled.replace(&format!("{{{slot}{place}}}"), form);
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_slot_is_filled_in_every_frame() {
        for question in training(11, 3_000) {
            assert!(!question.text.contains(['{', '}', '/']) && !question.text.contains("  "), "{}", question.text);
            assert!(question.text != question.part("other"), "{}", question.text);
        }
    }

    #[test]
    fn training_has_all_phenomena_and_thousands_of_sentences() {
        let questions = training(4, 3_000);
        let kinds: BTreeSet<&str> = questions.iter().map(|q| q.kind.as_str()).collect();
        assert_eq!(kinds.len(), 12);
        let right = questions.iter().filter(|q| q.gold == ["true"]).count();
        assert_eq!(right, 1_500);
        let texts: BTreeSet<&str> = questions.iter().map(|q| q.text.as_str()).collect();
        assert!(texts.len() > 2_000, "{}", texts.len());
    }
}
