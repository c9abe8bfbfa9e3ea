//! Regular English verbs, sorted by what the spelling does before -ed and -ing. Verbs with a second, irregular past
//! (learn, dream), with two regular spellings (travel) and with two ways to spell the base (organise) are left out.

/// What happens to the base before -ed and -ing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Spelling {
    /// Nothing: walk, walked, walking.
    Plain,
    /// The final e goes: bake, baked, baking.
    DropE,
    /// The final consonant is doubled: stop, stopped, stopping.
    Double,
    /// A y after a consonant becomes i before -ed alone: carry, carried, carrying.
    Y,
    /// A final c becomes ck: picnic, picnicked, picnicking.
    Ck,
    /// -ie becomes -y before -ing: tie, tied, tying.
    Ie,
}

/// A regular verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Regular {
    /// The base form.
    pub(crate) base: &'static str,
    /// What happens to it.
    pub(crate) spelling: Spelling,
}

impl Regular {
    /// The base without its last `n` letters.
    fn stem(self, n: usize) -> &'static str {
        self.base.get(..self.base.len().saturating_sub(n)).unwrap_or(self.base)
    }

    /// The last letter.
    fn last(self) -> char {
        self.base.chars().last().unwrap_or_default()
    }

    /// The past, which is the past participle too.
    pub(crate) fn past(self) -> String {
        match self.spelling {
            Spelling::Plain => format!("{}ed", self.base),
            Spelling::DropE | Spelling::Ie => format!("{}d", self.base),
            Spelling::Double => format!("{}{}ed", self.base, self.last()),
            Spelling::Y => format!("{}ied", self.stem(1)),
            Spelling::Ck => format!("{}ked", self.base),
        }
    }

    /// The -ing form.
    pub(crate) fn gerund(self) -> String {
        match self.spelling {
            Spelling::Plain | Spelling::Y => format!("{}ing", self.base),
            Spelling::DropE => format!("{}ing", self.stem(1)),
            Spelling::Double => format!("{}{}ing", self.base, self.last()),
            Spelling::Ck => format!("{}king", self.base),
            Spelling::Ie => format!("{}ying", self.stem(2)),
        }
    }
}

/// Verbs asked about.
pub(crate) fn evaluation() -> Vec<Regular> {
    listed(&EVALUATION)
}

/// Verbs trained on.
pub(crate) fn training() -> Vec<Regular> {
    listed(&TRAINING)
}

fn listed(lists: &[(Spelling, &'static str)]) -> Vec<Regular> {
    let of = |(spelling, words): &(Spelling, &'static str)| {
        let spelling = *spelling;
        words.split_whitespace().map(move |base| Regular { base, spelling })
    };
    lists.iter().flat_map(of).collect()
}

const EVALUATION: [(Spelling, &str); 6] = [
    // The first six look like another form.
    (
        Spelling::Plain,
        "need exceed proceed succeed heed weed \
         jump listen cook laugh climb remember shout whisper paint gather deliver discover explain finish polish \
         punish publish vanish accept attend attract avoid bless boil chew clean collect complain connect consider \
         correct cough cover crawl creak demand depend destroy detect develop disturb doubt earn employ encounter \
         entertain expand extend fasten fetch float flood frighten gain glow greet groan happen harvest haunt heat \
         hunt inform inspect invent kick knock lack launch lift limp linger load loosen melt \
         mention mend mutter obey obtain offer perform persist pour prevent protect reach recover reflect reject \
         repair repeat report request respond rest reveal roar roast sail scream search seem select shiver sigh smash \
         sneer soak sort spray squeak squeal stagger stay strengthen stretch suffer suggest support suspect sway \
         swallow treat twist unpack weigh wink yawn yell",
    ),
    (
        Spelling::DropE,
        "arrive dance bounce explore rescue juggle stare struggle stumble tremble whistle provoke admire announce \
         argue balance believe blame breathe browse calculate capture celebrate chase combine compare complete \
         concentrate confuse create damage decide declare decorate describe donate educate escape excuse exercise \
         fade glide grumble guide hesitate imagine improve include increase injure introduce involve measure mumble \
         notice observe persuade pierce prepare promise pronounce raise rotate scribble separate serve settle sneeze \
         squeeze survive tease translate type whine wipe wrestle",
    ),
    // The first two look like another form.
    (
        Spelling::Double,
        "embed shred drop grab hug jog nod rub trip wrap beg chop clap drag flip pat rip rob skip slam slip snap stir \
         tap trap trim admit commit compel equip expel occur omit prefer regret submit scrub shrug sob swap throb whip",
    ),
    (
        Spelling::Y,
        "carry marry hurry study try bury reply deny apply satisfy identify modify notify simplify terrify verify \
         multiply occupy tidy envy clarify justify purify testify imply comply accompany horrify",
    ),
    (Spelling::Ck, "picnic panic"),
    (Spelling::Ie, "untie vie"),
];

const TRAINING: [(Spelling, &str); 6] = [
    (
        Spelling::Plain,
        "walk talk call play wash help ask turn look wait pull work visit push follow answer enjoy count allow borrow \
         press wander add appear applaud arrest assist attack attempt belong blush boast bother cheer claim clear \
         comfort command conceal conduct confess confirm consist construct contain convert dash differ discuss drain \
         dread drift echo elect embarrass end enter establish exist expect express fail fear fill fix flow fold frown \
         furnish gasp grunt hail harm hover howl impress infect inherit insist instruct insult intend interest \
         interrupt jerk join lock march mark mix moan murmur neglect obstruct open oppress own pack park peel point \
         possess pray predict pretend print pump reckon record refresh remain remind rent resist return reward roll \
         rush scatter scold scratch shelter shock sign slow sniff sound sprint start strain subtract tempt test thank \
         touch trust vow want warn whirl wish wonder yearn yield",
    ),
    (
        Spelling::DropE,
        "bake move smile invite compete convince examine explode produce rattle restore sprinkle deserve dissolve \
         accuse achieve advise amuse approve arrange assume behave blaze care cause change charge close collapse \
         compose conclude continue cooperate cure curve debate delete deprive desire divide dominate doze endure \
         engage erase evolve expose gaze generate graze handle hate hire ignore illustrate inspire invade judge like \
         live love manage migrate navigate operate paddle pause please praise preserve pursue quote receive reduce \
         refuse relate release remove replace reserve retire revise save scrape share skate slice smoke snore solve \
         sparkle surprise taste tickle trade tumble unite use value vote waste welcome wrinkle",
    ),
    (
        Spelling::Double,
        "stop plan hum drip mop pin plug pop shop slap spot step strip tip tug zip ban brag chat clip cram dip drum \
         fan flap grin grip jam map nag plot prop ram scan scrap sip skid skim stab stun swat tag trot wag permit \
         refer transfer transmit control patrol rebel infer deter propel excel confer defer",
    ),
    (
        Spelling::Y,
        "cry worry dry fry empty supply rely classify qualify vary pity bully rally magnify unify fortify certify \
         specify signify amplify defy pry weary embody glorify intensify",
    ),
    (Spelling::Ck, "mimic frolic traffic"),
    (Spelling::Ie, "tie belie"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Verbs of several syllables whose last is stressed, so that it doubles like a verb of one syllable.
    const STRESSED_LAST: &str = "admit commit compel equip expel occur omit prefer regret submit permit refer \
         transfer transmit control patrol rebel infer deter propel excel confer defer embed";

    fn vowel(c: char) -> bool {
        "aeiou".contains(c)
    }

    /// The class read from the letters and the stress.
    fn spelling(base: &str) -> Spelling {
        let letters: Vec<char> = base.chars().collect();
        let n = letters.len();
        let groups = letters.chunk_by(|a, b| vowel(*a) == vowel(*b)).filter(|g| vowel(g[0])).count();
        let single = n > 2
            && !vowel(letters[n - 1])
            && !"wxy".contains(letters[n - 1])
            && vowel(letters[n - 2])
            && (!vowel(letters[n - 3]) || base.ends_with("quip"));
        if base.ends_with("ie") {
            Spelling::Ie
        } else if base.ends_with('e') {
            Spelling::DropE
        } else if base.ends_with("ic") {
            Spelling::Ck
        } else if base.ends_with('y') && !vowel(letters[n - 2]) {
            Spelling::Y
        } else if single && (groups == 1 || STRESSED_LAST.split_whitespace().any(|w| w == base)) {
            Spelling::Double
        } else {
            Spelling::Plain
        }
    }

    #[test]
    fn the_lists_are_long_and_share_nothing() {
        let bases = |list: Vec<Regular>| list.into_iter().map(|v| v.base).collect::<Vec<_>>();
        let (asked, trained) = (bases(evaluation()), bases(training()));
        assert!(asked.len() >= 200 && trained.len() >= 250, "{} {}", asked.len(), trained.len());
        let all: BTreeSet<&str> = asked.iter().chain(&trained).copied().collect();
        assert_eq!(all.len(), asked.len() + trained.len());
    }

    #[test]
    fn each_verb_is_in_the_class_that_its_letters_say() {
        for verb in evaluation().into_iter().chain(training()) {
            assert_eq!(verb.spelling, spelling(verb.base), "{}", verb.base);
        }
    }

    #[test]
    fn forms() {
        let form = |base: &str| {
            let verb = evaluation().into_iter().chain(training()).find(|v| v.base == base).unwrap();
            (verb.past(), verb.gerund())
        };
        for (base, past, gerund) in [
            ("stop", "stopped", "stopping"),
            ("carry", "carried", "carrying"),
            ("bake", "baked", "baking"),
            ("picnic", "picnicked", "picnicking"),
            ("tie", "tied", "tying"),
            ("enjoy", "enjoyed", "enjoying"),
            ("fix", "fixed", "fixing"),
            ("equip", "equipped", "equipping"),
        ] {
            assert_eq!(form(base), (past.to_string(), gerund.to_string()));
        }
    }
}
