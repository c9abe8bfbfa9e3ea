//! Regular nouns and plain adjectives, for training and evaluation apart, and the exceptions that training may use.
//!
//! Few of these words are verbs as well: a lemma is used in one split only, whatever part of speech a probe means.

/// What a noun names, so that frames can be filled with words that make sense in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::catalogue) enum Sort {
    /// Somebody.
    Person,
    /// An animal.
    Animal,
    /// Something made.
    Thing,
    /// Something to eat.
    Food,
    /// Somewhere.
    Place,
    /// Something thought, said, felt or done; an event or a time.
    Matter,
}

/// Nouns that training uses.
pub(in crate::catalogue) const TRAINING: &[(Sort, &str)] = &[
    (
        Sort::Person,
        "baker plumber farmer singer teacher waiter dentist lawyer poet painter soldier sailor priest neighbour \
         grandmother cousin daughter brother nephew customer tourist musician gardener librarian journalist magician \
         scientist surgeon therapist banker carpenter dancer driver goalkeeper hunter jeweller landlord manager \
         mechanic novelist physicist reporter secretary shopkeeper translator villager violinist widow politician \
         professor student toddler teenager president detective biologist comedian chemist \
         actor architect accountant archer author economist editor electrician emperor inspector interpreter inventor \
         officer organist owner optician ambassador assistant employer explorer",
    ),
    (
        Sort::Animal,
        "cat horse rabbit tiger lion zebra giraffe camel kangaroo penguin pigeon sparrow turtle lizard frog shark \
         dolphin beetle spider butterfly bee hamster squirrel hedgehog goat donkey monkey gorilla leopard panther moth \
         wasp hornet crab lobster seagull falcon peacock rooster kitten puppy \
         eagle elephant ostrich otter owl ant antelope alligator",
    ),
    (
        Sort::Thing,
        "lamp pillow candle basket bucket curtain cupboard drawer ladder needle pen purse ribbon saucer scooter sofa \
         suitcase sword teapot telescope thermometer toothbrush towel trumpet typewriter violin wallet wardrobe \
         wheelbarrow camera calendar laptop keyboard guitar piano flute bicycle helicopter lorry tractor tram van \
         kettle jug vase jacket sweater shirt skirt hat glove sandal slipper bracelet necklace diamond statue poster \
         novel magazine newspaper dictionary postcard notebook diary battery magnet robot satellite microscope napkin \
         hammock tent chimney window \
         umbrella oven engine apron armchair album envelope escalator earring easel ornament oar accordion icon axle",
    ),
    (
        Sort::Food,
        "cake biscuit carrot banana pear cherry plum lemon strawberry cucumber pumpkin cabbage sausage pancake pizza \
         burger cookie pie muffin noodle dumpling walnut peanut raisin grape \
         apple avocado artichoke olive onion omelette",
    ),
    (
        Sort::Place,
        "kitchen bathroom bedroom library museum theatre cinema hospital village city river lake mountain hill forest \
         valley beach castle palace temple church cathedral factory hotel restaurant bakery pharmacy station balcony \
         cellar airport arena abbey orchard office island inn embassy estuary attic",
    ),
    (
        Sort::Matter,
        "story lesson rumour theory decade century week month festival ceremony concert holiday speech tradition \
         conversation problem solution question decision competition discovery memory prediction warning compliment \
         idea adventure accident injury opinion option event episode agreement argument invention error essay article \
         election emergency era",
    ),
];

/// Nouns that the evaluation uses.
pub(in crate::catalogue) const EVALUATION: &[(Sort, &str)] = &[
    (
        Sort::Person,
        "barber beggar bishop bride burglar cashier celebrity citizen colonel composer diplomat drummer \
         florist geologist governor grandfather hairdresser historian husband juggler lieutenant merchant niece nun \
         passenger pharmacist philosopher pianist pirate psychologist sculptor sister smuggler sheriff tenant vicar \
         volunteer wizard zoologist artist astronaut athlete aunt engineer illustrator immigrant instructor opponent \
         apprentice employee acrobat",
    ),
    (
        Sort::Animal,
        "beaver cheetah cobra crocodile fox grasshopper hippo jaguar koala ladybird llama magpie nightingale panda \
         pelican porcupine pony puffin raccoon rhino robin scorpion skunk stork swan toad tortoise vulture woodpecker \
         canary blackbird iguana emu orangutan aardvark",
    ),
    (
        Sort::Thing,
        "backpack balloon banjo barometer blender bonnet brooch cabinet calculator canoe caravan cello chandelier \
         chisel clarinet crayon crib doll dustbin ferry fountain freezer gearbox hairbrush harp headphone helmet jersey \
         lantern microphone motorbike tambourine oboe parachute portrait quilt raft rucksack satchel \
         sculpture sledge spanner submarine syringe tablecloth tripod trolley turbine tricycle wig wristwatch yacht \
         zipper eraser anvil emerald igloo",
    ),
    (
        Sort::Food,
        "blueberry raspberry melon coconut pineapple peach turnip radish leek pepper cauliflower doughnut kebab lollipop \
         meatball parsnip courgette nectarine tangerine chestnut bagel anchovy acorn",
    ),
    (
        Sort::Place,
        "canyon meadow lagoon peninsula glacier waterfall lighthouse bungalow cottage monastery mosque pagoda nursery \
         gallery corridor hallway staircase terrace basement laundry barn windmill shipyard kiosk boutique casino suburb \
         continent lobby supermarket apartment alcove",
    ),
    (
        Sort::Matter,
        "theorem hobby habit melody poem proverb symptom fever tragedy comedy victory wedding birthday catastrophe \
         ballad casualty dialogue luxury mystery nightmare paragraph privilege scandal skill slogan thunderstorm vacancy virtue \
         anniversary obstacle anecdote apology",
    ),
];

/// Adjectives that training uses before nouns.
pub(in crate::catalogue) const TRAINING_ADJECTIVES: &[(Sort, &str)] = &[
    (Sort::Person, "tall brave clever gentle lonely polite wealthy famous angry eager old anonymous arrogant"),
    (Sort::Animal, "wild hungry fierce strange thirsty large agile aggressive enormous ugly old unusual"),
    (Sort::Thing, "cheap heavy beautiful new dusty strange old elegant expensive ugly enormous unusual"),
    (Sort::Food, "fresh tasty rotten large soft awful enormous uneaten imported expensive"),
    (Sort::Place, "remote pretty peaceful noisy famous beautiful isolated old impressive unfamiliar attractive"),
    (Sort::Matter, "strange memorable famous surprising unusual interesting awkward important odd unforgettable"),
];

/// Irregular nouns that training uses: no evaluation question turns on one of them, in whatever probe.
pub(in crate::catalogue) const TRAINING_EXCEPTIONS: &[(&str, &str)] = &[
    ("wolf", "wolves"),
    ("loaf", "loaves"),
    ("scarf", "scarves"),
    ("ox", "oxen"),
    ("louse", "lice"),
    ("cactus", "cacti"),
    ("radius", "radii"),
    ("nucleus", "nuclei"),
    ("larva", "larvae"),
    ("ellipsis", "ellipses"),
    ("appendix", "appendices"),
    ("criterion", "criteria"),
];

/// Article, phrases: words whose first letter promises another article than their first sound, and initialisms.
/// Training uses them; no evaluation question turns on the first word of one.
pub(in crate::catalogue) const TRAINING_ARTICLE_EXCEPTIONS: &[(&str, Sort, &[&str])] = &[
    ("an", Sort::Thing, &["heirloom", "heirloom watch"]),
    ("an", Sort::Person, &["honourable gentleman", "honourable opponent"]),
    ("an", Sort::Person, &["honoree"]),
    ("an", Sort::Thing, &["8-page leaflet", "8-page booklet"]),
    ("an", Sort::Person, &["11-year-old boy", "11-year-old girl"]),
    ("an", Sort::Thing, &["S-hook"]),
    ("an", Sort::Thing, &["X-shaped bracket", "X-shaped frame"]),
    ("an", Sort::Matter, &["MBA", "MBA course"]),
    ("an", Sort::Thing, &["XML file", "XML document"]),
    ("an", Sort::Thing, &["LCD", "LCD screen"]),
    ("an", Sort::Thing, &["RPG"]),
    ("an", Sort::Thing, &["ATM", "ATM receipt"]),
    ("an", Sort::Thing, &["EKG machine"]),
    ("a", Sort::Animal, &["unicorn"]),
    ("a", Sort::Thing, &["useful tool", "useful map"]),
    ("a", Sort::Matter, &["eulogy"]),
    ("a", Sort::Person, &["one-time champion", "one-time singer"]),
    ("a", Sort::Thing, &["utensil"]),
    ("a", Sort::Place, &["uranium mine"]),
    ("a", Sort::Thing, &["unicycle"]),
    ("a", Sort::Thing, &["U-bend"]),
    ("a", Sort::Person, &["UPS driver"]),
    ("a", Sort::Thing, &["DVD", "DVD player"]),
    ("a", Sort::Thing, &["GPS receiver", "GPS unit"]),
    ("a", Sort::Thing, &["UHF aerial"]),
];

/// The words of a grouped list, each with its sort.
pub(in crate::catalogue) fn words(list: &[(Sort, &'static str)]) -> Vec<(Sort, &'static str)> {
    list.iter().flat_map(|&(sort, words)| words.split_whitespace().map(move |w| (sort, w))).collect()
}

/// The plural of a regular noun.
pub(in crate::catalogue) fn plural(noun: &str) -> String {
    let vowel_before_y = ["ay", "ey", "oy", "uy"].iter().any(|end| noun.ends_with(end));
    match noun.strip_suffix('y') {
        Some(stem) if !vowel_before_y => format!("{stem}ies"),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end)) => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn lists_are_large_and_apart() {
        let set = |list| words(list).into_iter().map(|(_, w)| w).collect::<BTreeSet<_>>();
        let (training, evaluation) = (set(TRAINING), set(EVALUATION));
        assert_eq!((training.len(), evaluation.len()), (words(TRAINING).len(), words(EVALUATION).len()));
        assert!(training.len() >= 300 && evaluation.len() >= 200, "{} {}", training.len(), evaluation.len());
        assert!(training.is_disjoint(&evaluation), "{:?}", training.intersection(&evaluation).collect::<Vec<_>>());
    }

    #[test]
    fn plurals_follow_the_ending() {
        for (one, many) in [
            ("river", "rivers"),
            ("cherry", "cherries"),
            ("donkey", "donkeys"),
            ("peach", "peaches"),
            ("fox", "foxes"),
            ("radish", "radishes"),
            ("glass", "glasses"),
        ] {
            assert_eq!(plural(one), many);
        }
        // Endings whose plural is not a matter of rule have no place in the lists of regular nouns.
        for (_, noun) in words(TRAINING).into_iter().chain(words(EVALUATION)) {
            assert!(!["s", "lf", "eaf", "ief", "ife", "man", "arch"].iter().any(|end| noun.ends_with(end)), "{noun}");
        }
    }
}
