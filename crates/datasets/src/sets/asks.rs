//! The ways to ask that several sets share.

use probes::Call;
use probes::FormatVariant;
use probes::catalogue::{Ask, Blank, Calls, Format, Mode, Question, in_a_line, lettered};

/// Options in a line, several orders.
pub(crate) const fn line(calls: Calls, ask: fn(&Question, Call) -> Ask) -> Format {
    Format { variant: FormatVariant::F2, mode: Mode::Lpx, calls, ask, blank: Blank::Text, max_tokens: 0 }
}

/// More labels than there are letters: one order.
pub(crate) const fn many(ask: fn(&Question, Call) -> Ask) -> Format {
    Format { variant: FormatVariant::F2, mode: Mode::Lp, calls: Calls::One, ask, blank: Blank::Text, max_tokens: 0 }
}

/// Lettered options, several orders. Calibration replaces the options too, where they are the question's own.
pub(crate) const fn letters(calls: Calls, blank: Blank, ask: fn(&Question, Call) -> Ask) -> Format {
    Format { variant: FormatVariant::F3, mode: Mode::Lpx, calls, ask, blank, max_tokens: 0 }
}

/// True or false, in both polarities.
pub(crate) const fn truth(ask: fn(&Question, Call) -> Ask) -> Format {
    Format {
        variant: FormatVariant::F4,
        mode: Mode::Tf2,
        calls: Calls::Polarities,
        ask,
        blank: Blank::Text,
        max_tokens: 0,
    }
}

/// The likelier of two whole texts.
pub(crate) const fn pair(ask: fn(&Question, Call) -> Ask) -> Format {
    Format { variant: FormatVariant::F5, mode: Mode::Pair, calls: Calls::One, ask, blank: Blank::None, max_tokens: 0 }
}

/// A written answer.
pub(crate) const fn written(mode: Mode, max_tokens: u32, ask: fn(&Question, Call) -> Ask) -> Format {
    Format { variant: FormatVariant::F1, mode, calls: Calls::One, ask, blank: Blank::None, max_tokens }
}

/// Both orders of two options.
pub(crate) const SWAP: Calls = Calls::Rotations { n: 2, step: 1 };

/// `Which? / Sentence: ... / Answer with one of: a, b or c.`
pub(crate) fn ask_line(question: &Question, call: Call, which: &str, what: &str) -> Ask {
    let options = in_a_line(question, call);
    Ask::options(question, format!("{which}\n\n{what}: {}\n\nAnswer with one of: {options}.", question.text))
}

/// The same with letters.
pub(crate) fn ask_letters(question: &Question, call: Call, which: &str, what: &str) -> Ask {
    let options = lettered(question, call);
    let prompt = format!("{which}\n\n{what}: {}\n\n{options}\n\nAnswer with the letter only.", question.text);
    Ask::letters(question, call, prompt)
}

/// `The statement below is true. True or false?`, and the same with `false` in the other polarity.
pub(crate) fn ask_truth(question: &Question, call: Call, what: &str) -> Ask {
    let claimed = if call.polarity < 0 { "false" } else { "true" };
    let prompt =
        format!("{what}: {}\n\nIs it right to say that this is {claimed}? Answer with true or false.", question.text);
    Ask::words(call, ["true", "false"], prompt)
}
