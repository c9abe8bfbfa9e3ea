//! Nouns whose number does not show in a final s. All belong to the evaluation; those that training may use are
//! `TRAINING_EXCEPTIONS` in `nouns.rs`.

/// Latin and Greek nouns that keep their plural; these are asked about in the singular.
pub(in crate::catalogue) const LATIN_GREEK_ONE: &[(&str, &str)] = &[
    ("fungus", "fungi"),
    ("syllabus", "syllabi"),
    ("terminus", "termini"),
    ("abacus", "abaci"),
    ("thesaurus", "thesauri"),
    ("uterus", "uteri"),
    ("papyrus", "papyri"),
    ("tumulus", "tumuli"),
    ("genus", "genera"),
    ("corpus", "corpora"),
    ("alga", "algae"),
    ("formula", "formulae"),
    ("nebula", "nebulae"),
    ("amoeba", "amoebae"),
    ("supernova", "supernovae"),
    ("tibia", "tibiae"),
    ("pupa", "pupae"),
    ("bacterium", "bacteria"),
    ("memorandum", "memoranda"),
    ("stratum", "strata"),
    ("symposium", "symposia"),
    ("millennium", "millennia"),
    ("aquarium", "aquaria"),
    ("atrium", "atria"),
    ("cranium", "crania"),
    ("ovum", "ova"),
    ("phylum", "phyla"),
    ("sternum", "sterna"),
    ("emporium", "emporia"),
    ("gymnasium", "gymnasia"),
    ("phenomenon", "phenomena"),
    ("automaton", "automata"),
    ("ganglion", "ganglia"),
    ("taxon", "taxa"),
    ("analysis", "analyses"),
    ("crisis", "crises"),
    ("hypothesis", "hypotheses"),
    ("oasis", "oases"),
    ("parenthesis", "parentheses"),
    ("synopsis", "synopses"),
    ("prognosis", "prognoses"),
    ("metamorphosis", "metamorphoses"),
    ("index", "indices"),
    ("matrix", "matrices"),
    ("vortex", "vortices"),
    ("codex", "codices"),
    ("stigma", "stigmata"),
    ("schema", "schemata"),
];

/// Latin and Greek nouns that are asked about in the plural.
pub(in crate::catalogue) const LATIN_GREEK_MANY: &[(&str, &str)] = &[
    ("alumnus", "alumni"),
    ("stimulus", "stimuli"),
    ("bacillus", "bacilli"),
    ("locus", "loci"),
    ("hippopotamus", "hippopotami"),
    ("sarcophagus", "sarcophagi"),
    ("rhombus", "rhombi"),
    ("stylus", "styli"),
    ("magus", "magi"),
    ("gladiolus", "gladioli"),
    ("homunculus", "homunculi"),
    ("alumna", "alumnae"),
    ("antenna", "antennae"),
    ("vertebra", "vertebrae"),
    ("lacuna", "lacunae"),
    ("scapula", "scapulae"),
    ("fibula", "fibulae"),
    ("papilla", "papillae"),
    ("curriculum", "curricula"),
    ("addendum", "addenda"),
    ("erratum", "errata"),
    ("spectrum", "spectra"),
    ("referendum", "referenda"),
    ("compendium", "compendia"),
    ("quantum", "quanta"),
    ("septum", "septa"),
    ("sanatorium", "sanatoria"),
    ("moratorium", "moratoria"),
    ("planetarium", "planetaria"),
    ("equilibrium", "equilibria"),
    ("polyhedron", "polyhedra"),
    ("mitochondrion", "mitochondria"),
    ("protozoon", "protozoa"),
    ("spermatozoon", "spermatozoa"),
    ("basis", "bases"),
    ("diagnosis", "diagnoses"),
    ("thesis", "theses"),
    ("neurosis", "neuroses"),
    ("synthesis", "syntheses"),
    ("emphasis", "emphases"),
    ("axis", "axes"),
    ("antithesis", "antitheses"),
    ("vertex", "vertices"),
    ("apex", "apices"),
    ("helix", "helices"),
    ("cortex", "cortices"),
    ("stoma", "stomata"),
    ("viscus", "viscera"),
];

/// Singular nouns that end in -s.
pub(in crate::catalogue) const SINGULARS_IN_S: &str = "bus lens gas news mattress compass walrus octopus virus bonus \
    campus census circus chorus atlas canvas iris pelvis pancreas rhinoceros platypus fortress princess waitress \
    goddess buttress cypress illness wilderness abyss albatross abscess recess empress seamstress lioness tigress \
    metropolis acropolis trellis mantis carcass cutlass hibiscus alias sinus bias ibis";

/// Plural nouns that do not end in -s.
pub(in crate::catalogue) const PLURALS_NOT_IN_S: &[(&str, &str)] = &[
    ("goose", "geese"),
    ("tooth", "teeth"),
    ("foot", "feet"),
    ("mouse", "mice"),
    ("dormouse", "dormice"),
    ("titmouse", "titmice"),
    ("child", "children"),
    ("grandchild", "grandchildren"),
    ("stepchild", "stepchildren"),
    ("godchild", "godchildren"),
    ("schoolchild", "schoolchildren"),
    ("man", "men"),
    ("woman", "women"),
    ("policeman", "policemen"),
    ("policewoman", "policewomen"),
    ("fireman", "firemen"),
    ("fisherman", "fishermen"),
    ("gentleman", "gentlemen"),
    ("Frenchman", "Frenchmen"),
    ("Englishwoman", "Englishwomen"),
    ("salesman", "salesmen"),
    ("snowman", "snowmen"),
    ("horseman", "horsemen"),
    ("craftsman", "craftsmen"),
    ("postman", "postmen"),
    ("businesswoman", "businesswomen"),
    ("nobleman", "noblemen"),
    ("congresswoman", "congresswomen"),
    ("sportswoman", "sportswomen"),
    ("chairman", "chairmen"),
    ("caveman", "cavemen"),
    ("milkman", "milkmen"),
    ("clergyman", "clergymen"),
    ("countryman", "countrymen"),
    ("workwoman", "workwomen"),
    ("mother-in-law", "mothers-in-law"),
    ("brother-in-law", "brothers-in-law"),
    ("daughter-in-law", "daughters-in-law"),
    ("passer-by", "passers-by"),
    ("runner-up", "runners-up"),
    ("hanger-on", "hangers-on"),
    ("editor-in-chief", "editors-in-chief"),
    ("lady-in-waiting", "ladies-in-waiting"),
    ("maid of honour", "maids of honour"),
    ("bureau", "bureaux"),
    ("plateau", "plateaux"),
    ("tableau", "tableaux"),
    ("château", "châteaux"),
];

/// Nouns with one form for both numbers, in a sentence whose determiner or verb says singular and in one where it
/// says plural.
pub(in crate::catalogue) const INVARIANT: &[(&str, &str, &str)] = &[
    ("sheep", "One sheep has strayed from the flock.", "Two sheep have strayed from the flock."),
    ("deer", "A deer was grazing at the edge of the wood.", "Several deer were grazing at the edge of the wood."),
    ("moose", "This moose is taller than our car.", "Those moose are crossing the frozen lake."),
    ("bison", "Every bison in the park has a name.", "Many bison have returned to the plains."),
    ("salmon", "He caught a salmon with his first cast.", "Three salmon were leaping up the waterfall."),
    ("trout", "That trout was the biggest of the season.", "These trout were caught before breakfast."),
    ("cod", "A single cod is enough for the whole family.", "Few cod are left in the bay."),
    ("haddock", "The cook has bought a fresh haddock.", "Both haddock were sold within minutes."),
    ("halibut", "An enormous halibut was lying on the deck.", "Four halibut were lying on the deck."),
    ("carp", "This old carp has lived in the pond for years.", "These golden carp have lived in the pond for years."),
    ("plaice", "One plaice was still alive in the net.", "Six plaice were wrapped in newspaper."),
    ("bream", "Each bream is weighed before it goes on sale.", "All the bream are weighed before they go on sale."),
    ("mackerel", "Grandpa threw back a small mackerel.", "Five mackerel are smoking over the fire."),
    ("reindeer", "A reindeer was pulling the sledge.", "Eight reindeer were pulling the sledge."),
    ("grouse", "That grouse has not moved since noon.", "Those grouse have not moved since noon."),
    ("swine", "A swine was rooting under the oaks.", "These swine were rooting under the oaks."),
    ("fish", "Another fish has jumped out of the tank.", "Two more fish have jumped out of the tank."),
    ("shrimp", "A tiny shrimp was hiding under the stone.", "Dozens of shrimp were hiding under the stone."),
    ("squid", "This squid is longer than a canoe.", "Most squid are quick and hard to film."),
    ("aircraft", "An aircraft is waiting on the runway.", "Two aircraft are waiting on the runway."),
    ("spacecraft", "Each spacecraft has its own call sign.", "Both spacecraft have left the orbit of Mars."),
    ("hovercraft", "A hovercraft was crossing the mudflats.", "Three hovercraft were crossing the mudflats."),
    ("watercraft", "Every watercraft has a number on its bow.", "All watercraft have to be registered by June."),
    ("series", "This series was cancelled last spring.", "These series were cancelled last spring."),
    ("miniseries", "A new miniseries is being filmed in our street.", "Two miniseries are being filmed in our street."),
    (
        "species",
        "One species of frog has vanished from the island.",
        "Ten species of frog have vanished from the island.",
    ),
    ("subspecies", "Another subspecies was described last year.", "Four subspecies were described last year."),
    ("means", "A bicycle is a cheap means of transport.", "Trams and ferries are both cheap means of transport."),
    ("crossroads", "There is a crossroads just past the chapel.", "There are two crossroads just past the chapel."),
    ("headquarters", "The firm has a new headquarters in Leeds.", "The two firms have separate headquarters in Leeds."),
    ("barracks", "The town once had a barracks near the river.", "Those barracks were emptied after the war."),
    ("gallows", "A gallows was drawn on the back of the map.", "Three gallows were drawn on the back of the map."),
    ("offspring", "Every offspring has a mark on its wing.", "Her four offspring are now fully grown."),
    ("chassis", "That chassis is bent beyond repair.", "Those chassis are bent beyond repair."),
    ("corps", "An army corps was sent to the border.", "Two army corps were sent to the border."),
    ("rendezvous", "A secret rendezvous was planned for midnight.", "Several secret rendezvous were planned in June."),
    ("faux pas", "Forgetting her name was an awful faux pas.", "He made two faux pas before the soup arrived."),
    ("sweepstakes", "A sweepstakes was held to raise money.", "Two sweepstakes were held to raise money."),
    ("steelworks", "A steelworks has opened outside the city.", "Both steelworks have closed since then."),
    ("gasworks", "There was once a gasworks behind our school.", "There were once three gasworks beside the canal."),
    ("waterworks", "This waterworks is a hundred years old.", "These waterworks are older than the town."),
    ("glassworks", "Each glassworks on the tour has a small shop.", "Many glassworks have small shops for visitors."),
    ("innings", "It was a long and patient innings.", "Both innings were over before tea."),
    ("biceps", "He has a tattoo on one biceps.", "Both his biceps are sore from rowing."),
    ("triceps", "The left triceps is slightly larger.", "Her triceps are sore after the climb."),
    ("yen", "One yen is worth less than a cent.", "Fifty yen are missing from the till."),
    ("yuan", "A yuan was enough for a cup of tea.", "Those three yuan were my last coins."),
    ("quid", "I bet you a quid that it rains.", "These ten quid are for the taxi."),
];

#[cfg(test)]
pub(in crate::catalogue) mod tests {
    use super::super::nouns::TRAINING_EXCEPTIONS;
    use super::*;

    /// The plural by the table of endings, without the lists.
    pub(in crate::catalogue) fn declined(one: &str) -> Vec<String> {
        let table: &[(&str, &[&str])] = &[
            ("us", &["i", "era", "ora"]),
            ("ma", &["mata"]),
            ("a", &["ae"]),
            ("um", &["a"]),
            ("on", &["a"]),
            ("is", &["es"]),
            ("ix", &["ices"]),
            ("ex", &["ices"]),
            ("man", &["men"]),
            ("ild", &["ildren"]),
            ("eau", &["eaux"]),
            ("ouse", &["ice"]),
            ("oose", &["eese"]),
            ("ooth", &["eeth"]),
            ("oot", &["eet"]),
            ("erson", &["eople"]),
            ("ife", &["ives"]),
            ("alf", &["alves"]),
            ("elf", &["elves"]),
            ("oaf", &["oaves"]),
            ("eaf", &["eaves"]),
            ("ief", &["ieves"]),
            ("arf", &["arves"]),
            ("olf", &["olves"]),
            ("ox", &["oxen"]),
        ];
        let found = table.iter().filter_map(|(end, ends)| one.strip_suffix(end).map(|stem| (stem, ends)));
        let mut all: Vec<String> =
            found.flat_map(|(stem, ends)| ends.iter().map(move |e| format!("{stem}{e}"))).collect();
        // Compounds: the plural stands in the first part.
        if let Some((head, tail)) = one.split_once(['-', ' ']) {
            let joint = &one[head.len()..one.len() - tail.len()];
            all.push(format!("{}{joint}{tail}", super::super::nouns::plural(head)));
        }
        all
    }

    #[test]
    fn every_plural_follows_a_table_of_endings() {
        for (one, many) in [LATIN_GREEK_ONE, LATIN_GREEK_MANY, PLURALS_NOT_IN_S, TRAINING_EXCEPTIONS].concat() {
            assert!(declined(one).contains(&many.to_string()), "{one} {many}");
        }
    }

    #[test]
    fn the_final_s_misleads_where_it_should() {
        assert!(SINGULARS_IN_S.split_whitespace().all(|w| w.ends_with('s')));
        assert!(PLURALS_NOT_IN_S.iter().all(|(_, many)| !many.ends_with('s')));
        assert_eq!((SINGULARS_IN_S.split_whitespace().count(), PLURALS_NOT_IN_S.len()), (48, 48));
        assert_eq!((LATIN_GREEK_ONE.len(), LATIN_GREEK_MANY.len()), (48, 48));
        assert_eq!(INVARIANT.len(), 48);
    }
}
