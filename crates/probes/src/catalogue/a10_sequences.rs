//! The sequences of A10: numbers, letters, cycles of words, and the calendar. The rules of training and those of the
//! evaluation are different ones.

use super::a02_article::pick;
use crate::seed::Seeded;

/// A pattern before it is a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) kind: &'static str,
    pub(super) template: String,
    pub(super) text: String,
    pub(super) gold: String,
    /// Wrong answers, the most tempting first.
    pub(super) wrong: Vec<String>,
    pub(super) lemma: Option<String>,
}

/// What stands for the missing element.
pub(super) const GAP: &str = "___";

/// A sequence whose last term is the missing one.
fn sequence(kind: &'static str, template: String, terms: &[String], near: Vec<String>) -> Draft {
    let (gold, shown) = terms.split_last().map_or((String::new(), terms), |(last, rest)| (last.clone(), rest));
    let text = format!("{}, {GAP}", shown.join(", "));
    let mut wrong: Vec<String> = shown.last().into_iter().cloned().collect();
    wrong.extend(near);
    wrong.extend(shown.iter().rev().cloned());
    Draft { kind, template, text, gold, wrong, lemma: None }
}

/// A rule that numbers follow.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    /// Each term adds this.
    Add(i64),
    /// Each term takes this away.
    Subtract(i64),
    /// Each term multiplies by this.
    Times(i64),
    /// Each term divides by this.
    Divide(i64),
    /// The two are added in turn.
    Two(i64, i64),
    /// Two sequences interleaved, each adding its own.
    Strands(i64, i64),
    /// The difference starts with the first and rises by the second.
    Growing(i64, i64),
    /// Each term is the sum of the two before it.
    Sums,
}

/// Rules of the evaluation, and how many sequences each has.
pub(super) const NUMBERS: &[(Numbers, usize)] = &[
    (Numbers::Add(3), 1),
    (Numbers::Add(4), 1),
    (Numbers::Add(6), 1),
    (Numbers::Add(7), 1),
    (Numbers::Add(8), 1),
    (Numbers::Add(9), 1),
    (Numbers::Add(11), 1),
    (Numbers::Add(12), 1),
    (Numbers::Add(15), 1),
    (Numbers::Add(20), 1),
    (Numbers::Add(25), 1),
    (Numbers::Add(30), 1),
    (Numbers::Subtract(3), 1),
    (Numbers::Subtract(4), 1),
    (Numbers::Subtract(6), 1),
    (Numbers::Subtract(7), 1),
    (Numbers::Subtract(8), 1),
    (Numbers::Subtract(9), 1),
    (Numbers::Subtract(11), 1),
    (Numbers::Subtract(12), 1),
    (Numbers::Subtract(15), 1),
    (Numbers::Subtract(25), 1),
    (Numbers::Times(3), 3),
    (Numbers::Times(4), 2),
    (Numbers::Times(10), 1),
    (Numbers::Divide(2), 3),
    (Numbers::Divide(3), 1),
    (Numbers::Strands(1, 10), 1),
    (Numbers::Strands(2, 5), 1),
    (Numbers::Strands(3, -1), 1),
    (Numbers::Strands(5, -5), 1),
    (Numbers::Strands(10, -1), 1),
    (Numbers::Strands(4, 3), 1),
    (Numbers::Strands(2, -3), 1),
    (Numbers::Strands(6, -2), 1),
    (Numbers::Strands(1, -4), 1),
    (Numbers::Strands(7, 2), 1),
    (Numbers::Two(1, 4), 1),
    (Numbers::Two(2, 5), 1),
    (Numbers::Two(3, 1), 1),
    (Numbers::Two(10, -1), 1),
    (Numbers::Two(5, -2), 1),
    (Numbers::Two(2, 8), 1),
    (Numbers::Two(6, 3), 1),
    (Numbers::Two(-1, 4), 1),
    (Numbers::Growing(1, 1), 2),
    (Numbers::Growing(2, 2), 1),
    (Numbers::Growing(3, 2), 1),
    (Numbers::Growing(2, 1), 2),
    (Numbers::Growing(1, 3), 1),
    (Numbers::Growing(5, 5), 1),
    (Numbers::Sums, 6),
];

/// Rules of training.
pub(super) const TRAINING_NUMBERS: &[Numbers] = &[
    Numbers::Add(2),
    Numbers::Add(5),
    Numbers::Add(10),
    Numbers::Add(13),
    Numbers::Add(14),
    Numbers::Add(16),
    Numbers::Add(18),
    Numbers::Add(21),
    Numbers::Add(22),
    Numbers::Add(40),
    Numbers::Add(50),
    Numbers::Subtract(2),
    Numbers::Subtract(5),
    Numbers::Subtract(10),
    Numbers::Subtract(13),
    Numbers::Subtract(14),
    Numbers::Subtract(16),
    Numbers::Subtract(20),
    Numbers::Times(2),
    Numbers::Times(5),
    Numbers::Divide(5),
    Numbers::Divide(10),
    Numbers::Strands(1, 5),
    Numbers::Strands(2, 10),
    Numbers::Strands(5, -1),
    Numbers::Strands(3, -2),
    Numbers::Strands(4, 1),
    Numbers::Strands(3, 6),
    Numbers::Two(1, 2),
    Numbers::Two(3, 5),
    Numbers::Two(10, 5),
    Numbers::Two(4, -1),
    Numbers::Two(7, -3),
    Numbers::Growing(4, 1),
    Numbers::Growing(1, 2),
    Numbers::Growing(4, 4),
    Numbers::Growing(10, 5),
];

/// A sequence of numbers with its missing term.
pub(super) fn numbers(rule: Numbers, seeded: &mut Seeded) -> Draft {
    let mut draw = |low, high| seeded.between(low, high).cast_signed();
    let terms: Vec<i64> = match rule {
        Numbers::Add(step) => {
            let (start, n) = (draw(1, 60), 5);
            (0..n).map(|i| start + step * i).collect()
        }
        Numbers::Subtract(step) => {
            let start = 4 * step + draw(1, 60);
            (0..5).map(|i| start - step * i).collect()
        }
        Numbers::Times(factor) => grown(draw(1, 12), factor, if factor > 4 { 4 } else { 5 }),
        Numbers::Divide(factor) => {
            let mut terms = grown(draw(1, 12), factor, if factor > 4 { 4 } else { 5 });
            terms.reverse();
            terms
        }
        Numbers::Two(first, second) => {
            let start = draw(3, 40);
            (0..7).map(|i| start + first * ((i + 1) / 2) + second * (i / 2)).collect()
        }
        Numbers::Strands(first, second) => {
            let (one, two) = (draw(1, 12), draw(21, 60));
            (0..7).map(|i| if i % 2 == 0 { one + first * (i / 2) } else { two + second * (i / 2) }).collect()
        }
        Numbers::Growing(first, rise) => {
            let start = draw(1, 30);
            (0..6).map(|i| start + first * i + rise * i * (i - 1) / 2).collect()
        }
        Numbers::Sums => {
            let (first, second) = (draw(1, 5), draw(1, 9));
            let mut terms = vec![first, first + second];
            for _ in 0..4 {
                let sum = terms.iter().rev().take(2).sum();
                terms.push(sum);
            }
            terms
        }
    };
    let mut from_last = terms.iter().rev().copied();
    let gold = from_last.next().unwrap_or_default();
    let last = from_last.next().unwrap_or_default();
    let mut near = vec![gold + (gold - last), gold + 1, gold - 1, gold + 2, gold + 10, last + 1];
    near.retain(|&n| n > 0);
    seeded.shuffle(&mut near);
    let shown: Vec<String> = terms.iter().map(ToString::to_string).collect();
    sequence("number", format!("number {rule:?}"), &shown, near.iter().map(ToString::to_string).collect())
}

/// `n` terms, each `factor` times the one before it.
fn grown(start: i64, factor: i64, n: usize) -> Vec<i64> {
    std::iter::successors(Some(start), |term| Some(term * factor)).take(n).collect()
}

/// One character of each term, and how it changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Track {
    /// A letter so many places after the sequence's first letter, moving by so many.
    Letter(i64, i64),
    /// The same, counted from a.
    From(i64, i64),
    /// A digit.
    Digit(i64, i64),
}

use Track::{Digit, From, Letter};

/// Rules of the evaluation; four sequences each.
pub(super) const LETTERS: &[&[Track]] = &[
    &[Letter(0, 2)],
    &[Letter(0, -1)],
    &[Letter(0, -2)],
    &[Letter(0, 3)],
    &[Letter(0, 1), Letter(0, 1)],
    &[Letter(0, 1), From(25, -1)],
    &[Letter(0, 2), Letter(1, 2)],
    &[Letter(0, 1), Digit(1, 1)],
    &[Letter(0, 2), Digit(1, 1)],
    &[Letter(0, -1), Digit(1, 1)],
    &[Letter(0, 1), Digit(1, 2)],
    &[Letter(0, 1), Digit(9, -1)],
    &[Letter(0, 1), Letter(1, 1), Letter(2, 1)],
    &[From(0, 0), Letter(0, 1)],
    &[Letter(1, 2), Letter(0, 2)],
    &[Letter(0, -1), Letter(0, -1)],
];

/// Rules of training.
pub(super) const TRAINING_LETTERS: &[&[Track]] = &[
    &[Letter(0, 1)],
    &[Letter(0, 4)],
    &[Letter(0, 5)],
    &[Letter(0, -3)],
    &[Letter(0, 1), Letter(0, 2)],
    &[Digit(1, 1), Letter(0, 1)],
    &[Digit(1, 2), Letter(0, 1)],
    &[Digit(9, -1), Letter(0, 1)],
    &[Letter(0, 3), Digit(1, 1)],
    &[Letter(0, 1), Digit(5, 0)],
    &[Letter(0, 3), Letter(1, 3)],
    &[From(23, 0), Letter(0, 1)],
    &[Letter(0, 1), From(12, 0)],
    &[Letter(0, 1), Letter(0, 1), Letter(0, 1)],
    &[Letter(2, 1), Letter(1, 1), Letter(0, 1)],
    &[Letter(0, 2), Letter(0, 2)],
];

/// Term `i` of a sequence of letters; nothing where a letter or digit runs out.
fn spelled(tracks: &[Track], base: i64, i: i64, shift: &[i64]) -> Option<String> {
    let shifts = shift.iter().copied().chain(std::iter::repeat(0));
    let characters = tracks.iter().zip(shifts).map(|(track, shift)| {
        let (place, digit) = match *track {
            Letter(offset, step) => (base + offset + step * i + shift, false),
            From(from, step) => (from + step * i + shift, false),
            Digit(from, step) => (from + step * i + shift, true),
        };
        let character = if digit {
            u32::try_from(place).ok().filter(|p| (1..=9).contains(p)).and_then(|p| char::from_digit(p, 10))
        } else {
            u8::try_from(place).ok().filter(|p| *p < 26).map(|p| char::from(b'a' + p))
        };
        character.map(String::from)
    });
    characters.collect()
}

/// A sequence of letters with its missing term.
pub(super) fn letters(tracks: &[Track], seeded: &mut Seeded) -> Draft {
    let n = if seeded.below(2) == 0 && tracks.iter().all(|t| !matches!(t, Digit(_, 2))) { 6 } else { 5 };
    let bases =
        |n: i64| (0..26).filter(|&b| (0..n).all(|i| spelled(tracks, b, i, &[]).is_some())).collect::<Vec<i64>>();
    // Wide steps leave room for five terms only.
    let (n, fit) = if bases(n).is_empty() { (5, bases(5)) } else { (n, bases(n)) };
    let base = pick(seeded, &fit).copied().unwrap_or_default();
    let upper = seeded.below(2) == 0;
    let cased = |term: String| if upper { term.to_uppercase() } else { term };
    let terms: Vec<String> = (0..n).filter_map(|i| spelled(tracks, base, i, &[])).map(cased).collect();
    let slips: [&[i64]; 6] = [&[1], &[-1], &[0, 1], &[0, -1], &[1, 1], &[0, 0, 1]];
    let mut near: Vec<String> = slips.iter().filter_map(|slip| spelled(tracks, base, n - 1, slip)).map(cased).collect();
    near.extend(spelled(tracks, base, n, &[]).map(cased));
    seeded.shuffle(&mut near);
    sequence("letter", format!("letter {tracks:?}"), &terms, near)
}

/// Periods of the evaluation: which of the drawn words stands where. Eight sequences each.
pub(super) const PERIODS: &[&[usize]] =
    &[&[0, 1, 2], &[0, 0, 1], &[0, 1, 1], &[0, 0, 1, 1], &[0, 1, 0, 2], &[0, 1, 2, 3], &[0, 1, 2, 1], &[0, 0, 1, 2]];

/// Periods of training.
pub(super) const TRAINING_PERIODS: &[&[usize]] =
    &[&[0, 1], &[0, 1, 1, 0], &[0, 1, 2, 2], &[0, 0, 0, 1], &[0, 1, 2, 3, 4], &[0, 1, 1, 2], &[0, 1, 1, 1]];

/// A cycle of words with its missing term, at least two periods of it shown.
pub(super) fn cycle(period: &[usize], theme: &'static str, seeded: &mut Seeded) -> Draft {
    let mut words: Vec<&str> = theme.split_whitespace().collect();
    seeded.shuffle(&mut words);
    let shown = 2 * period.len() + seeded.below(period.len() as u64) as usize;
    let places = period.iter().cycle().take(shown + 1);
    let terms: Vec<String> = places.filter_map(|&place| words.get(place)).map(ToString::to_string).collect();
    // Words of the cycle first, then others of the theme.
    let near = words.iter().map(ToString::to_string).collect();
    sequence("cycle", format!("cycle {period:?}"), &terms, near)
}

/// What the calendar kind counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Days of the week.
    Days,
    /// Their short names.
    ShortDays,
    /// Months.
    Months,
    /// Their short names.
    ShortMonths,
    /// first, second.
    Ordinals,
    /// 1st, 2nd.
    Places,
    /// one, two.
    Words,
    /// ten, twenty.
    Tens,
    /// I, II.
    Roman,
    /// Times of day, in steps of minutes.
    Clock,
    /// Days of a month.
    Dates,
    /// 1950s, 1960s.
    Decades,
}

/// Rules of the evaluation: what is counted, by which step, how many sequences.
pub(super) const COUNTS: &[(Count, i64, usize)] = &[
    (Count::Days, -1, 4),
    (Count::Days, 2, 4),
    (Count::Days, 3, 3),
    (Count::Months, -1, 4),
    (Count::Months, 2, 4),
    (Count::Months, 3, 3),
    (Count::ShortMonths, 1, 3),
    (Count::ShortDays, 1, 3),
    (Count::Ordinals, -1, 3),
    (Count::Ordinals, 2, 3),
    (Count::Places, 3, 3),
    (Count::Places, 5, 2),
    (Count::Words, 3, 3),
    (Count::Words, -2, 2),
    (Count::Tens, 1, 2),
    (Count::Roman, 1, 3),
    (Count::Roman, 2, 2),
    (Count::Clock, 15, 3),
    (Count::Clock, 20, 2),
    (Count::Clock, 90, 1),
    (Count::Dates, 7, 3),
    (Count::Dates, 3, 2),
    (Count::Decades, 1, 2),
];

/// Rules of training.
pub(super) const TRAINING_COUNTS: &[(Count, i64)] = &[
    (Count::Days, 1),
    (Count::Days, -2),
    (Count::Months, 1),
    (Count::Months, -2),
    (Count::ShortMonths, -1),
    (Count::ShortDays, -1),
    (Count::Ordinals, 1),
    (Count::Ordinals, 3),
    (Count::Places, 2),
    (Count::Places, 4),
    (Count::Places, -1),
    (Count::Words, 2),
    (Count::Words, -1),
    (Count::Words, 4),
    (Count::Tens, -1),
    (Count::Roman, 3),
    (Count::Roman, -1),
    (Count::Clock, 10),
    (Count::Clock, 30),
    (Count::Clock, 25),
    (Count::Clock, 40),
    (Count::Dates, 2),
    (Count::Dates, 4),
    (Count::Dates, -3),
    (Count::Decades, -1),
];

const DAYS: &str = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
const MONTHS: &str = "January February March April May June July August September October November December";
const ORDINALS: &str = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth";
const WORDS: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
    seventeen eighteen nineteen twenty";
const TENS: &str = "ten twenty thirty forty fifty sixty seventy eighty ninety";
const ROMAN: &str = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX";

/// The element at a place; nothing where there is none.
fn counted(count: Count, place: i64, extra: &str) -> Option<String> {
    let at = |list: &str, letters: usize| {
        let place = usize::try_from(place).ok()?;
        list.split_whitespace().nth(place).map(|word| word.chars().take(letters).collect::<String>())
    };
    let round = |list: &str, n: i64, letters: usize| {
        let place = usize::try_from(place.rem_euclid(n)).ok()?;
        list.split_whitespace().nth(place).map(|word| word.chars().take(letters).collect::<String>())
    };
    match count {
        Count::Days => round(DAYS, 7, 12),
        Count::ShortDays => round(DAYS, 7, 3),
        Count::Months => round(MONTHS, 12, 12),
        Count::ShortMonths => round(MONTHS, 12, 3),
        Count::Ordinals => at(ORDINALS, 12),
        Count::Words => at(WORDS, 12),
        Count::Tens => at(TENS, 12),
        Count::Roman => at(ROMAN, 12),
        Count::Places => {
            let end = match (place % 10, place % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            (1..=60).contains(&place).then(|| format!("{place}{end}"))
        }
        // From ten in the morning, so that no hour needs a zero before it.
        Count::Clock => (600..1440).contains(&place).then(|| format!("{}:{:02}", place / 60, place % 60)),
        Count::Dates => (1..=28).contains(&place).then(|| format!("{place} {extra}")),
        Count::Decades => (185..=202).contains(&place).then(|| format!("{place}0s")),
    }
}

/// A sequence of the calendar or of a count, with its missing term.
pub(super) fn calendar(count: Count, step: i64, seeded: &mut Seeded) -> Draft {
    let longer = seeded.below(2) == 0;
    // Three of every second month may also be the months of 31 days: March, May, July.
    let n = match (count, step) {
        (Count::Dates, 7) => 4,
        (Count::Months, 2) => 5,
        _ => 4 + i64::from(longer),
    };
    let (from, places) = match count {
        Count::Clock => (120, 168),
        Count::Decades => (185, 17),
        _ => (0, 60),
    };
    let (unit, step_units) = if count == Count::Clock { (5, step / 5) } else { (1, step) };
    let month = MONTHS.split_whitespace().nth(seeded.below(12) as usize).unwrap_or("May");
    let term = |start: i64, i: i64| counted(count, (start + step_units * i) * unit, month);
    let fit =
        |n: i64| -> Vec<i64> { (from..from + places).filter(|&s| (0..n).all(|i| term(s, i).is_some())).collect() };
    // Clocks start at a full or a half hour, or at a quarter.
    let starts =
        |n: i64| fit(n).into_iter().filter(|s| count != Count::Clock || s * unit % 15 == 0).collect::<Vec<_>>();
    let (n, starts) = if starts(n).is_empty() { (4, starts(4)) } else { (n, starts(n)) };
    let start = pick(seeded, &starts).copied().unwrap_or_default();
    let terms: Vec<String> = (0..n).filter_map(|i| term(start, i)).collect();
    let mut near: Vec<String> = [-1, 1]
        .iter()
        .filter_map(|slip| {
            counted(count, (start + step_units * (n - 1) + slip * if unit == 5 { 2 } else { 1 }) * unit, month)
        })
        .chain(term(start, n))
        .collect();
    seeded.shuffle(&mut near);
    sequence("calendar", format!("calendar {count:?} {step}"), &terms, near)
}
