//! Words of A10: themes of cycles, analogies, slots, and the tables that training draws its own from.

/// Themes of the evaluation: the words of a cycle are drawn from one of them.
pub(in crate::catalogue) const THEMES: &[&str] = &[
    "violet turquoise beige crimson ivory",
    "thunder drizzle hail fog breeze",
    "hexagon oval diamond arrow spiral",
    "trumpet cello oboe harp flute",
    "maple cedar willow birch poplar",
    "cobra gecko toad newt turtle",
    "ruby topaz opal pearl jade",
    "copper zinc silver tin nickel",
    "daisy lily tulip orchid poppy",
    "tango waltz polka samba rumba",
    "mango papaya fig lychee guava",
    "collar pocket sleeve button zipper",
    "canoe ferry yacht barge raft",
    "pawn knight bishop rook queen",
    "cinnamon ginger pepper cumin nutmeg",
    "ladle whisk sieve grater funnel",
];

/// Themes of training.
pub(in crate::catalogue) const TRAINING_THEMES: &[&str] = &[
    "red green blue yellow white",
    "sun rain snow wind cloud",
    "circle square star triangle cross",
    "drum piano guitar violin horn",
    "oak pine elm ash beech",
    "cat dog horse cow sheep",
    "gold iron lead steel brass",
    "rose iris lotus aster dahlia",
    "apple pear plum cherry lemon",
    "hat coat scarf boot glove",
    "car bus train tram bike",
    "cup plate bowl jug glass",
    "up down left right back",
    "yes no maybe never always",
    "big small tall short wide",
    "salt sugar flour rice oil",
];

/// An analogy: relation, the pair that shows it, the third word, the answer, three wrong answers.
pub(in crate::catalogue) type Analogy =
    (&'static str, (&'static str, &'static str), &'static str, &'static str, [&'static str; 3]);

/// Analogies of the evaluation.
pub(in crate::catalogue) const ANALOGIES: &[Analogy] = &[
    ("capital", ("Paris", "France"), "Tokyo", "Japan", ["China", "Tokyo", "France"]),
    ("capital", ("Rome", "Italy"), "Madrid", "Spain", ["Portugal", "Barcelona", "Italy"]),
    ("capital", ("Athens", "Greece"), "Cairo", "Egypt", ["Greece", "Libya", "Cairo"]),
    ("capital", ("Ottawa", "Canada"), "Berlin", "Germany", ["Austria", "Canada", "Munich"]),
    ("capital", ("Vienna", "Austria"), "Warsaw", "Poland", ["Hungary", "Warsaw", "Austria"]),
    ("young", ("cow", "calf"), "sheep", "lamb", ["wool", "calf", "sheep"]),
    ("young", ("duck", "duckling"), "goose", "gosling", ["duckling", "feather", "goose"]),
    ("young", ("pig", "piglet"), "cat", "kitten", ["puppy", "cat", "mouse"]),
    ("young", ("frog", "tadpole"), "butterfly", "caterpillar", ["butterfly", "wing", "tadpole"]),
    ("young", ("deer", "fawn"), "bear", "cub", ["foal", "bear", "fawn"]),
    ("female", ("king", "queen"), "prince", "princess", ["prince", "throne", "queen"]),
    ("female", ("husband", "wife"), "uncle", "aunt", ["uncle", "cousin", "wife"]),
    ("female", ("brother", "sister"), "nephew", "niece", ["uncle", "nephew", "sister"]),
    ("female", ("bull", "cow"), "stallion", "mare", ["saddle", "cow", "stallion"]),
    ("female", ("grandfather", "grandmother"), "son", "daughter", ["son", "father", "grandmother"]),
    ("female", ("actor", "actress"), "waiter", "waitress", ["actress", "restaurant", "waiter"]),
    ("opposite", ("hot", "cold"), "high", "low", ["tall", "high", "cold"]),
    ("opposite", ("day", "night"), "summer", "winter", ["summer", "autumn", "night"]),
    ("opposite", ("up", "down"), "left", "right", ["straight", "down", "left"]),
    ("opposite", ("full", "empty"), "heavy", "light", ["empty", "heavy", "weight"]),
    ("opposite", ("buy", "sell"), "push", "pull", ["shove", "push", "sell"]),
    ("opposite", ("first", "last"), "top", "bottom", ["last", "top", "middle"]),
    ("opposite", ("north", "south"), "east", "west", ["south", "east", "centre"]),
    ("opposite", ("love", "hate"), "war", "peace", ["hate", "war", "battle"]),
    ("opposite", ("in", "out"), "before", "after", ["before", "during", "out"]),
    ("opposite", ("wet", "dry"), "rough", "smooth", ["rough", "sandpaper", "dry"]),
    ("opposite", ("question", "answer"), "problem", "solution", ["problem", "answer", "difficulty"]),
    ("part", ("finger", "hand"), "toe", "foot", ["toe", "nail", "hand"]),
    ("part", ("petal", "flower"), "page", "book", ["page", "flower", "ink"]),
    ("part", ("letter", "word"), "word", "sentence", ["alphabet", "word", "letter"]),
    ("part", ("second", "minute"), "minute", "hour", ["day", "minute", "second"]),
    ("part", ("day", "week"), "month", "year", ["month", "week", "season"]),
    ("part", ("gram", "kilogram"), "metre", "kilometre", ["metre", "kilogram", "mile"]),
    ("group", ("sheep", "flock"), "wolf", "pack", ["flock", "wolf", "tooth"]),
    ("group", ("soldier", "army"), "player", "team", ["army", "player", "ball"]),
    ("group", ("cow", "herd"), "sheep", "flock", ["herd", "sheep", "shepherd"]),
    ("home", ("bird", "nest"), "bee", "hive", ["flower", "nest", "bee"]),
    ("home", ("dog", "kennel"), "horse", "stable", ["horse", "kennel", "field"]),
    ("home", ("bee", "hive"), "spider", "web", ["spider", "fly", "hive"]),
    ("sense", ("eye", "see"), "ear", "hear", ["ear", "see", "noise"]),
    ("sense", ("ear", "hear"), "nose", "smell", ["hear", "face", "nose"]),
    ("count", ("triangle", "three"), "square", "four", ["square", "five", "three"]),
    ("count", ("pentagon", "five"), "octagon", "eight", ["seven", "five", "octagon"]),
    ("count", ("bicycle", "two"), "tricycle", "three", ["two", "four", "tricycle"]),
    ("count", ("spider", "eight"), "insect", "six", ["eight", "insect", "four"]),
    ("rank", ("one", "first"), "two", "second", ["first", "twice", "two"]),
    ("rank", ("three", "third"), "five", "fifth", ["five", "third", "fourth"]),
    ("language", ("France", "French"), "Spain", "Spanish", ["French", "Madrid", "Spain"]),
    ("language", ("Germany", "German"), "Italy", "Italian", ["Italy", "German", "Latin"]),
    ("language", ("Denmark", "Danish"), "Poland", "Polish", ["Russian", "Danish", "Poland"]),
    ("language", ("Finland", "Finnish"), "Turkey", "Turkish", ["Finnish", "Turkey", "Arabic"]),
    ("currency", ("Japan", "yen"), "Germany", "euro", ["Germany", "pound", "yen"]),
    ("currency", ("India", "rupee"), "Mexico", "peso", ["Mexico", "dollar", "rupee"]),
    ("work", ("doctor", "hospital"), "teacher", "school", ["teacher", "pupil", "hospital"]),
    ("work", ("butcher", "meat"), "baker", "bread", ["meat", "baker", "oven"]),
    ("work", ("pilot", "plane"), "captain", "ship", ["captain", "plane", "sea"]),
    ("trait", ("snow", "white"), "coal", "black", ["white", "coal", "mine"]),
    ("trait", ("grass", "green"), "blood", "red", ["vein", "blood", "green"]),
    ("trait", ("lemon", "sour"), "sugar", "sweet", ["sugar", "sour", "cake"]),
    ("tool", ("knife", "cut"), "pen", "write", ["pen", "paper", "cut"]),
    ("body", ("glove", "hand"), "sock", "foot", ["shoe", "hand", "sock"]),
    ("body", ("necklace", "neck"), "bracelet", "wrist", ["neck", "gold", "bracelet"]),
    ("degree", ("good", "better"), "bad", "worse", ["bad", "worst", "better"]),
    ("degree", ("old", "oldest"), "small", "smallest", ["oldest", "smaller", "small"]),
];

/// Tables of pairs from which training builds analogies: any two pairs of a table make one.
pub(in crate::catalogue) const RELATIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "capital",
        &[
            ("Lisbon", "Portugal"),
            ("Oslo", "Norway"),
            ("Helsinki", "Finland"),
            ("Dublin", "Ireland"),
            ("Budapest", "Hungary"),
            ("Lima", "Peru"),
            ("Bangkok", "Thailand"),
            ("Nairobi", "Kenya"),
            ("Havana", "Cuba"),
            ("Stockholm", "Sweden"),
            ("Copenhagen", "Denmark"),
            ("Ankara", "Turkey"),
            ("Baghdad", "Iraq"),
            ("Tehran", "Iran"),
            ("Santiago", "Chile"),
        ],
    ),
    (
        "opposite",
        &[
            ("big", "small"),
            ("fast", "slow"),
            ("rich", "poor"),
            ("strong", "weak"),
            ("clean", "dirty"),
            ("near", "far"),
            ("thick", "thin"),
            ("always", "never"),
            ("friend", "enemy"),
            ("tall", "short"),
            ("true", "false"),
            ("young", "old"),
        ],
    ),
    (
        "kind_of",
        &[
            ("oak", "tree"),
            ("rose", "flower"),
            ("salmon", "fish"),
            ("eagle", "bird"),
            ("poodle", "dog"),
            ("hammer", "tool"),
            ("carrot", "vegetable"),
            ("banana", "fruit"),
            ("violin", "instrument"),
            ("wasp", "insect"),
            ("purple", "colour"),
            ("cotton", "fabric"),
        ],
    ),
    (
        "serves",
        &[
            ("nurse", "patient"),
            ("lawyer", "client"),
            ("tutor", "student"),
            ("shopkeeper", "customer"),
            ("landlord", "tenant"),
            ("hotel", "guest"),
            ("library", "reader"),
            ("airline", "passenger"),
        ],
    ),
    (
        "rank",
        &[
            ("four", "fourth"),
            ("six", "sixth"),
            ("seven", "seventh"),
            ("eight", "eighth"),
            ("nine", "ninth"),
            ("ten", "tenth"),
            ("eleven", "eleventh"),
            ("twelve", "twelfth"),
        ],
    ),
    (
        "digits",
        &[
            ("3", "three"),
            ("4", "four"),
            ("6", "six"),
            ("7", "seven"),
            ("9", "nine"),
            ("11", "eleven"),
            ("13", "thirteen"),
            ("15", "fifteen"),
            ("18", "eighteen"),
            ("20", "twenty"),
        ],
    ),
    (
        "people",
        &[
            ("Portugal", "Portuguese"),
            ("Sweden", "Swedish"),
            ("Hungary", "Hungarian"),
            ("Belgium", "Belgian"),
            ("Iran", "Iranian"),
            ("Ghana", "Ghanaian"),
            ("Vietnam", "Vietnamese"),
            ("Bolivia", "Bolivian"),
            ("Malta", "Maltese"),
            ("Romania", "Romanian"),
        ],
    ),
];

/// Slots of the evaluation that one word fits: frame, text, answer, three wrong answers.
pub(in crate::catalogue) const SLOTS: &[(&str, &str, &str, [&str; 3])] = &[
    ("slot_nation", "Canada, Canadian; Brazil, ___", "Brazilian", ["Brazil", "Canadian", "Brazilish"]),
    ("slot_nation", "Mexico, Mexican; Cuba, ___", "Cuban", ["Cubish", "Cuba", "Mexican"]),
    ("slot_nation", "Norway, Norwegian; Russia, ___", "Russian", ["Norwegian", "Russish", "Russia"]),
    ("slot_nation", "Kenya, Kenyan; Nigeria, ___", "Nigerian", ["Nigeria", "Nigerish", "Kenyan"]),
    ("slot_nation", "Ireland, Irish; Scotland, ___", "Scottish", ["Irish", "Scotland", "Scotlandish"]),
    ("slot_nation", "China, Chinese; Japan, ___", "Japanese", ["Japan", "Chinese", "Japanian"]),
    ("slot_nation", "Peru, Peruvian; Chile, ___", "Chilean", ["Chilese", "Peruvian", "Chile"]),
    ("slot_nation", "Austria, Austrian; Australia, ___", "Australian", ["Austrian", "Australia", "Australish"]),
    ("slot_pronoun", "I, my; you, your; she, ___", "her", ["she", "your", "his"]),
    ("slot_pronoun", "I, me; she, her; they, ___", "them", ["they", "their", "her"]),
    ("slot_pronoun", "me, myself; him, himself; them, ___", "themselves", ["them", "himself", "theirselves"]),
    ("slot_pronoun", "my, mine; your, yours; our, ___", "ours", ["our", "us", "yours"]),
    ("slot_pronoun", "this, these; that, ___", "those", ["that", "these", "them"]),
    ("slot_verb", "I am, you are, she ___", "is", ["are", "am", "be"]),
    ("slot_verb", "I have, you have, he ___", "has", ["have", "having", "had"]),
    ("slot_verb", "I do, you do, it ___", "does", ["do", "done", "doing"]),
];

/// Irregular plurals that training does not use: two nouns and their plurals, formed in the same way.
pub(in crate::catalogue) const IRREGULAR_SLOTS: &[[&str; 4]] = &[
    ["knife", "knives", "shelf", "shelves"],
    ["wife", "wives", "thief", "thieves"],
    ["leaf", "leaves", "half", "halves"],
    ["calf", "calves", "elf", "elves"],
    ["foot", "feet", "tooth", "teeth"],
    ["mouse", "mice", "goose", "geese"],
    ["man", "men", "woman", "women"],
    ["policeman", "policemen", "fireman", "firemen"],
    ["crisis", "crises", "thesis", "theses"],
    ["analysis", "analyses", "diagnosis", "diagnoses"],
    ["oasis", "oases", "hypothesis", "hypotheses"],
    ["stimulus", "stimuli", "alumnus", "alumni"],
];

/// Regular nouns of the evaluation, two by two.
pub(in crate::catalogue) const REGULAR_SLOTS: &[[&str; 2]] = &[
    ["canary", "pony"],
    ["bishop", "peach"],
    ["raspberry", "hobby"],
    ["lantern", "fox"],
    ["brooch", "radish"],
    ["victory", "jersey"],
];

/// Adjectives of the evaluation, two by two, for the comparative.
pub(in crate::catalogue) const COMPARATIVES: &[[&str; 2]] = &[
    ["cold", "hard"],
    ["long", "kind"],
    ["small", "young"],
    ["happy", "busy"],
    ["loud", "sharp"],
    ["nice", "safe"],
    ["sweet", "thick"],
    ["lucky", "easy"],
];

/// As above, for the superlative.
pub(in crate::catalogue) const SUPERLATIVES: &[[&str; 2]] = &[
    ["high", "short"],
    ["hard", "cold"],
    ["kind", "small"],
    ["funny", "happy"],
    ["wise", "rare"],
    ["young", "loud"],
    ["easy", "lazy"],
    ["safe", "nice"],
];

/// As above, for the adverb in -ly.
pub(in crate::catalogue) const ADVERBS: &[[&str; 2]] = &[
    ["sudden", "careful"],
    ["nervous", "generous"],
    ["quiet", "perfect"],
    ["serious", "honest"],
    ["private", "secret"],
    ["recent", "final"],
];

/// As above, for the negative in un-.
pub(in crate::catalogue) const NEGATIVES: &[[&str; 2]] =
    &[["happy", "kind"], ["fair", "safe"], ["lucky", "friendly"], ["true", "known"]];

/// As above, for the noun in -ness.
pub(in crate::catalogue) const QUALITIES: &[[&str; 2]] =
    &[["sad", "dark"], ["kind", "good"], ["happy", "lazy"], ["ill", "sick"]];

/// Adjectives of training whose degrees end in -er and -est.
pub(in crate::catalogue) const TRAINING_DEGREES: &str = "tall cheap rich weak bright deep mild neat proud steep quick \
    grand stern bold harsh plain fierce pretty noisy hungry lonely tasty strange rude polite gentle clever";

/// Adjectives of training whose adverb adds -ly.
pub(in crate::catalogue) const TRAINING_ADVERBS: &str = "quick bold proud mild harsh bright weak brave polite strange \
    rude obvious beautiful wild calm precise eager";
