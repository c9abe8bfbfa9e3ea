//! A battery's constraints as the engine takes them.

use engine::Constrain;
use probes::Constraint;

/// The constraint of a query.
pub(crate) fn of(constraint: Option<&Constraint>) -> Option<Box<dyn Constrain>> {
    match constraint? {
        Constraint::Choice(options) => Some(Box::new(Choice { options: options.clone(), text: String::new() })),
        Constraint::Schema(_) => None,
    }
}

/// Exactly one of several strings.
struct Choice {
    options: Vec<String>,
    text: String,
}

impl Constrain for Choice {
    fn allows(&self, piece: &str) -> bool {
        let next = [self.text.as_str(), piece].concat();
        self.options.iter().any(|option| option.starts_with(&next))
    }

    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
    }

    fn may_end(&self) -> bool {
        self.options.contains(&self.text)
    }
}
