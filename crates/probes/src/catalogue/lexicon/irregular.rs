//! Irregular English verbs: base, past, past participle. A verb derived from another (undo, overtake) is a verb of
//! its own. Every verb here is asked about and never trained on, except [`TRAINING_IRREGULAR_VERBS`]; no verb derived
//! from one of those (become, repay) is in the census at all.

/// An irregular verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Irregular {
    /// The base form.
    pub(crate) base: &'static str,
    pasts: &'static str,
    participles: &'static str,
}

impl Irregular {
    /// The accepted pasts, the usual one first.
    pub(crate) fn pasts(self) -> impl Iterator<Item = &'static str> {
        self.pasts.split('/')
    }

    /// The usual past.
    pub(crate) fn past(self) -> &'static str {
        self.pasts().next().unwrap_or(self.base)
    }

    /// The accepted past participles, the usual one first.
    pub(crate) fn participles(self) -> impl Iterator<Item = &'static str> {
        self.participles.split('/')
    }

    /// The -ing form.
    pub(crate) fn gerund(self) -> String {
        let stem = |n: usize| self.base.get(..self.base.len().saturating_sub(n)).unwrap_or(self.base);
        if self.base.ends_with("ie") {
            return format!("{}ying", stem(2));
        }
        let mute = self.base.ends_with('e') && !["be", "ee"].iter().any(|end| self.base.ends_with(end));
        if mute {
            return format!("{}ing", stem(1));
        }
        match self.base.chars().last() {
            Some(last) if doubles(self.base) => format!("{}{last}ing", self.base),
            _ => format!("{}ing", self.base),
        }
    }

    /// The past that the verb would have if it were regular.
    pub(crate) fn over_regular(self) -> String {
        over_regular(self.base)
    }
}

/// A base form with -ed by the rules of spelling.
pub(crate) fn over_regular(base: &str) -> String {
    let before = |n: usize| base.chars().rev().nth(n).unwrap_or_default();
    let last = before(0);
    if last == 'e' {
        format!("{base}d")
    } else if last == 'y' && !vowel(before(1)) {
        format!("{}ied", base.get(..base.len().saturating_sub(1)).unwrap_or(base))
    } else if last == 'c' {
        format!("{base}ked")
    } else if doubles(base) {
        format!("{base}{last}ed")
    } else {
        format!("{base}ed")
    }
}

fn vowel(c: char) -> bool {
    "aeiou".contains(c)
}

/// Short verbs that keep their stress, and so their doubled consonant, behind a prefix: begin, forget, undercut.
const STRESSED: [&str; 9] = ["bid", "cut", "get", "gin", "let", "put", "set", "swim", "win"];

/// Is the last consonant doubled before -ed and -ing? It is in a stressed syllable with one short vowel letter.
fn doubles(base: &str) -> bool {
    let letters: Vec<char> = base.chars().rev().collect();
    let [last, vowel_letter, before, ..] = letters.as_slice() else { return false };
    let short = !vowel(*last) && !"wxy".contains(*last) && vowel(*vowel_letter) && !vowel(*before);
    let (mut groups, mut inside) = (0, false);
    for letter in &letters {
        groups += u32::from(vowel(*letter) && !inside);
        inside = vowel(*letter);
    }
    short && (groups == 1 || STRESSED.iter().any(|s| base.ends_with(s)))
}

/// The irregular verbs that training may use. No evaluation question of any probe has one of them as its lemma.
#[cfg(test)]
pub(crate) const TRAINING_IRREGULAR_VERBS: [&str; 20] = [
    "come", "give", "hold", "keep", "make", "meet", "pay", "run", "sit", "tell", "win", "build", "lend", "sweep",
    "dig", "spin", "shrink", "freeze", "wear", "grind",
];

/// Verbs asked about.
pub(crate) fn evaluation() -> impl Iterator<Item = Irregular> {
    listed(EVALUATION)
}

/// Verbs trained on.
pub(crate) fn training() -> impl Iterator<Item = Irregular> {
    listed(TRAINING)
}

fn listed(rows: &'static [Row]) -> impl Iterator<Item = Irregular> {
    rows.iter().map(|&(base, pasts, participles)| Irregular { base, pasts, participles })
}

/// Base, pasts, past participles; a slash between forms that are both accepted.
type Row = (&'static str, &'static str, &'static str);

const EVALUATION: &[Row] = &[
    ("arise", "arose", "arisen"),
    ("awake", "awoke", "awoken"),
    ("backslide", "backslid", "backslid/backslidden"),
    ("be", "was/were", "been"),
    ("bear", "bore", "borne"),
    ("beat", "beat", "beaten"),
    ("befall", "befell", "befallen"),
    ("beget", "begot/begat", "begotten"),
    ("begin", "began", "begun"),
    ("bend", "bent", "bent"),
    ("beset", "beset", "beset"),
    ("bespeak", "bespoke", "bespoken"),
    ("bestride", "bestrode", "bestridden"),
    ("bet", "bet/betted", "bet/betted"),
    ("bind", "bound", "bound"),
    ("bite", "bit", "bitten"),
    ("bleed", "bled", "bled"),
    ("blow", "blew", "blown"),
    ("break", "broke", "broken"),
    ("breastfeed", "breastfed", "breastfed"),
    ("breed", "bred", "bred"),
    ("bring", "brought", "brought"),
    ("broadcast", "broadcast/broadcasted", "broadcast/broadcasted"),
    ("browbeat", "browbeat", "browbeaten"),
    ("burn", "burned/burnt", "burned/burnt"),
    ("burst", "burst/bursted", "burst/bursted"),
    ("buy", "bought", "bought"),
    ("cast", "cast", "cast"),
    ("catch", "caught", "caught"),
    ("choose", "chose", "chosen"),
    ("cling", "clung", "clung"),
    ("cost", "cost", "cost"),
    ("creep", "crept", "crept"),
    ("crossbreed", "crossbred", "crossbred"),
    ("cut", "cut", "cut"),
    ("deal", "dealt", "dealt"),
    ("do", "did", "done"),
    ("draw", "drew", "drawn"),
    ("dream", "dreamed/dreamt", "dreamed/dreamt"),
    ("drink", "drank", "drunk"),
    ("drive", "drove", "driven"),
    ("dwell", "dwelt/dwelled", "dwelt/dwelled"),
    ("eat", "ate", "eaten"),
    ("fall", "fell", "fallen"),
    ("feed", "fed", "fed"),
    ("feel", "felt", "felt"),
    ("fight", "fought", "fought"),
    ("find", "found", "found"),
    ("flee", "fled", "fled"),
    ("fling", "flung", "flung"),
    ("fly", "flew", "flown"),
    ("forbid", "forbade/forbad", "forbidden"),
    ("foresee", "foresaw", "foreseen"),
    ("forget", "forgot", "forgotten"),
    ("forgo", "forwent", "forgone"),
    ("forsake", "forsook", "forsaken"),
    ("forswear", "forswore", "forsworn"),
    ("gainsay", "gainsaid", "gainsaid"),
    ("get", "got", "got/gotten"),
    ("ghostwrite", "ghostwrote", "ghostwritten"),
    ("go", "went", "gone"),
    ("grow", "grew", "grown"),
    ("hamstring", "hamstrung", "hamstrung"),
    ("handwrite", "handwrote", "handwritten"),
    ("hang", "hung/hanged", "hung/hanged"),
    ("have", "had", "had"),
    ("hear", "heard", "heard"),
    ("hew", "hewed", "hewn/hewed"),
    ("hide", "hid", "hidden"),
    ("hit", "hit", "hit"),
    ("hurt", "hurt", "hurt"),
    ("inlay", "inlaid", "inlaid"),
    ("interbreed", "interbred", "interbred"),
    ("interweave", "interwove/interweaved", "interwoven/interweaved"),
    ("kneel", "knelt/kneeled", "knelt/kneeled"),
    ("know", "knew", "known"),
    ("lay", "laid", "laid"),
    ("lead", "led", "led"),
    ("lean", "leaned/leant", "leaned/leant"),
    ("leap", "leaped/leapt", "leaped/leapt"),
    ("learn", "learned/learnt", "learned/learnt"),
    ("leave", "left", "left"),
    ("let", "let", "let"),
    ("lie", "lay", "lain"),
    ("light", "lit/lighted", "lit/lighted"),
    ("lose", "lost", "lost"),
    ("mean", "meant", "meant"),
    ("miscast", "miscast", "miscast"),
    ("misdeal", "misdealt", "misdealt"),
    ("mishear", "misheard", "misheard"),
    ("mislay", "mislaid", "mislaid"),
    ("mislead", "misled", "misled"),
    ("misread", "misread", "misread"),
    ("misspeak", "misspoke", "misspoken"),
    ("misspend", "misspent", "misspent"),
    ("mistake", "mistook", "mistaken"),
    ("misunderstand", "misunderstood", "misunderstood"),
    ("mow", "mowed", "mown/mowed"),
    ("offset", "offset", "offset"),
    ("outbid", "outbid", "outbid"),
    ("outdo", "outdid", "outdone"),
    ("outdrive", "outdrove", "outdriven"),
    ("outfight", "outfought", "outfought"),
    ("outgrow", "outgrew", "outgrown"),
    ("outsell", "outsold", "outsold"),
    ("outshine", "outshone/outshined", "outshone/outshined"),
    ("outshoot", "outshot", "outshot"),
    ("outspend", "outspent", "outspent"),
    ("outswim", "outswam", "outswum"),
    ("outthink", "outthought", "outthought"),
    ("overcast", "overcast", "overcast"),
    ("overdo", "overdid", "overdone"),
    ("overdraw", "overdrew", "overdrawn"),
    ("overeat", "overate", "overeaten"),
    ("overfeed", "overfed", "overfed"),
    ("overfly", "overflew", "overflown"),
    ("overhang", "overhung", "overhung"),
    ("overhear", "overheard", "overheard"),
    ("overlay", "overlaid", "overlaid"),
    ("override", "overrode", "overridden"),
    ("oversee", "oversaw", "overseen"),
    ("oversell", "oversold", "oversold"),
    ("overshoot", "overshot", "overshot"),
    ("oversleep", "overslept", "overslept"),
    ("overspend", "overspent", "overspent"),
    ("overtake", "overtook", "overtaken"),
    ("overthink", "overthought", "overthought"),
    ("overthrow", "overthrew", "overthrown"),
    ("overwrite", "overwrote", "overwritten"),
    ("partake", "partook", "partaken"),
    ("proofread", "proofread", "proofread"),
    ("prove", "proved", "proven/proved"),
    ("put", "put", "put"),
    ("read", "read", "read"),
    ("rebind", "rebound", "rebound"),
    ("recast", "recast", "recast"),
    ("redo", "redid", "redone"),
    ("redraw", "redrew", "redrawn"),
    ("regrow", "regrew", "regrown"),
    ("rehang", "rehung/rehanged", "rehung/rehanged"),
    ("relight", "relit/relighted", "relit/relighted"),
    ("reread", "reread", "reread"),
    ("resell", "resold", "resold"),
    ("resend", "resent", "resent"),
    ("reset", "reset", "reset"),
    ("reshoot", "reshot", "reshot"),
    ("restring", "restrung", "restrung"),
    ("retake", "retook", "retaken"),
    ("reteach", "retaught", "retaught"),
    ("rethink", "rethought", "rethought"),
    ("rewind", "rewound", "rewound"),
    ("rewrite", "rewrote", "rewritten"),
    ("ride", "rode", "ridden"),
    ("ring", "rang", "rung"),
    ("rise", "rose", "risen"),
    ("saw", "sawed", "sawn/sawed"),
    ("say", "said", "said"),
    ("see", "saw", "seen"),
    ("seek", "sought", "sought"),
    ("sell", "sold", "sold"),
    ("send", "sent", "sent"),
    ("set", "set", "set"),
    ("sew", "sewed", "sewn/sewed"),
    ("shake", "shook", "shaken"),
    ("shear", "sheared", "shorn/sheared"),
    ("shed", "shed", "shed"),
    ("shine", "shone/shined", "shone/shined"),
    ("shoot", "shot", "shot"),
    ("show", "showed", "shown/showed"),
    ("shut", "shut", "shut"),
    ("sing", "sang", "sung"),
    ("sink", "sank/sunk", "sunk"),
    ("slay", "slew/slayed", "slain"),
    ("sleep", "slept", "slept"),
    ("slide", "slid", "slid"),
    ("sling", "slung", "slung"),
    ("slink", "slunk/slinked", "slunk/slinked"),
    ("slit", "slit", "slit"),
    ("smite", "smote", "smitten"),
    ("sneak", "sneaked/snuck", "sneaked/snuck"),
    ("sow", "sowed", "sown/sowed"),
    ("speak", "spoke", "spoken"),
    ("speed", "sped/speeded", "sped/speeded"),
    ("spell", "spelled/spelt", "spelled/spelt"),
    ("spellbind", "spellbound", "spellbound"),
    ("spend", "spent", "spent"),
    ("spill", "spilled/spilt", "spilled/spilt"),
    ("spit", "spat/spit", "spat/spit"),
    ("split", "split", "split"),
    ("spoil", "spoiled/spoilt", "spoiled/spoilt"),
    ("spread", "spread", "spread"),
    ("spring", "sprang/sprung", "sprung"),
    ("stand", "stood", "stood"),
    ("steal", "stole", "stolen"),
    ("stick", "stuck", "stuck"),
    ("sting", "stung", "stung"),
    ("stink", "stank/stunk", "stunk"),
    ("strew", "strewed", "strewn/strewed"),
    ("stride", "strode", "stridden"),
    ("strike", "struck", "struck/stricken"),
    ("string", "strung", "strung"),
    ("strive", "strove/strived", "striven/strived"),
    ("sublet", "sublet", "sublet"),
    ("swear", "swore", "sworn"),
    ("swell", "swelled", "swollen/swelled"),
    ("swim", "swam", "swum"),
    ("swing", "swung", "swung"),
    ("take", "took", "taken"),
    ("teach", "taught", "taught"),
    ("tear", "tore", "torn"),
    ("think", "thought", "thought"),
    ("throw", "threw", "thrown"),
    ("thrust", "thrust", "thrust"),
    ("tread", "trod/treaded", "trodden/trod"),
    ("typeset", "typeset", "typeset"),
    ("unbind", "unbound", "unbound"),
    ("undercut", "undercut", "undercut"),
    ("undergo", "underwent", "undergone"),
    ("underlie", "underlay", "underlain"),
    ("undersell", "undersold", "undersold"),
    ("undershoot", "undershot", "undershot"),
    ("understand", "understood", "understood"),
    ("undertake", "undertook", "undertaken"),
    ("underwrite", "underwrote", "underwritten"),
    ("undo", "undid", "undone"),
    ("unstick", "unstuck", "unstuck"),
    ("unwind", "unwound", "unwound"),
    ("upsell", "upsold", "upsold"),
    ("upset", "upset", "upset"),
    ("wake", "woke/waked", "woken/waked"),
    ("waylay", "waylaid", "waylaid"),
    ("weave", "wove/weaved", "woven/weaved"),
    ("weep", "wept", "wept"),
    ("wind", "wound", "wound"),
    ("withdraw", "withdrew", "withdrawn"),
    ("withstand", "withstood", "withstood"),
    ("wring", "wrung", "wrung"),
    ("write", "wrote", "written"),
];

const TRAINING: &[Row] = &[
    ("come", "came", "come"),
    ("give", "gave", "given"),
    ("hold", "held", "held"),
    ("keep", "kept", "kept"),
    ("make", "made", "made"),
    ("meet", "met", "met"),
    ("pay", "paid", "paid"),
    ("run", "ran", "run"),
    ("sit", "sat", "sat"),
    ("tell", "told", "told"),
    ("win", "won", "won"),
    ("build", "built", "built"),
    ("lend", "lent", "lent"),
    ("sweep", "swept", "swept"),
    ("dig", "dug", "dug"),
    ("spin", "spun", "spun"),
    ("shrink", "shrank/shrunk", "shrunk/shrunken"),
    ("freeze", "froze", "frozen"),
    ("wear", "wore", "worn"),
    ("grind", "ground", "ground"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn training_has_the_reserved_verbs_and_evaluation_none_of_their_kin() {
        let trained: Vec<&str> = training().map(|v| v.base).collect();
        assert_eq!(trained, TRAINING_IRREGULAR_VERBS);
        let asked: BTreeSet<&str> = evaluation().map(|v| v.base).collect();
        assert_eq!(asked.len(), evaluation().count());
        assert!(asked.len() >= 200, "{}", asked.len());
        for verb in &asked {
            // To swear has nothing to do with to wear.
            let kin = TRAINING_IRREGULAR_VERBS.iter().any(|stem| verb.ends_with(stem)) && !verb.ends_with("swear");
            assert!(!kin, "{verb}");
        }
    }

    /// What a derived verb has before its stem.
    const PREFIXES: [&str; 18] = [
        "over", "out", "under", "mis", "re", "un", "with", "fore", "inter", "up", "off", "type", "hand", "ghost",
        "proof", "spell", "breast", "cross",
    ];

    #[test]
    fn a_derived_verb_has_the_forms_of_its_stem() {
        let mut derived = 0;
        for verb in evaluation() {
            for (prefix, stem) in PREFIXES.iter().filter_map(|p| Some((p, verb.base.strip_prefix(p)?))) {
                let Some(stem) = evaluation().find(|s| s.base == stem) else { continue };
                derived += 1;
                let with_prefix = |form: &str| format!("{prefix}{form}");
                assert!(verb.pasts().all(|p| stem.pasts().any(|s| with_prefix(s) == p)), "{verb:?} {stem:?}");
                let mut participles = verb.participles();
                assert!(participles.all(|p| stem.participles().any(|s| with_prefix(s) == p)), "{verb:?} {stem:?}");
            }
        }
        assert!(derived >= 70, "{derived}");
    }

    #[test]
    fn spelling_of_gerunds_and_over_regular_pasts() {
        for (base, gerund, regular) in [
            ("go", "going", "goed"),
            ("see", "seeing", "seed"),
            ("lie", "lying", "lied"),
            ("write", "writing", "writed"),
            ("begin", "beginning", "beginned"),
            ("undercut", "undercutting", "undercutted"),
            ("show", "showing", "showed"),
            ("fly", "flying", "flied"),
            ("buy", "buying", "buyed"),
            ("eat", "eating", "eated"),
            ("shut", "shutting", "shutted"),
            ("speak", "speaking", "speaked"),
            ("understand", "understanding", "understanded"),
        ] {
            let verb = evaluation().find(|v| v.base == base).unwrap();
            assert_eq!((verb.gerund().as_str(), verb.over_regular().as_str()), (gerund, regular));
        }
    }
}
