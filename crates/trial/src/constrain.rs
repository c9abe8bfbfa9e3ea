//! A battery's constraints as the engine takes them.

use engine::Constrain;
use probes::Constraint;
use probes::json::{Choice, Prefix, State, Viability};

/// The constraint of a query, or why it cannot be kept to.
pub(crate) fn of(constraint: Option<&Constraint>) -> Result<Option<Box<dyn Constrain>>, String> {
    let Some(constraint) = constraint else { return Ok(None) };
    let start = match constraint {
        Constraint::Choice(options) => {
            Choice::new(options).map(|choice| choice.start()).ok_or_else(|| "a choice needs options".to_owned())?
        }
        Constraint::Schema(text) => {
            let schema = serde_json::from_str(text).map_err(|e| format!("the schema is no JSON: {e}"))?;
            Prefix::new(&schema).map_err(|e| e.to_string())?.start()
        }
    };
    Ok(Some(Box::new(Kept(start))))
}

/// Text that may still become what the constraint asks for.
struct Kept(State);

impl Constrain for Kept {
    fn allows(&self, piece: &str) -> bool {
        self.0.clone().push_str(piece) != Viability::Dead
    }

    fn push(&mut self, piece: &str) {
        self.0.push_str(piece);
    }

    fn may_end(&self) -> bool {
        self.0.viability() == Viability::Complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_and_a_schema_allow_what_leads_to_them() {
        let options = ["past".to_owned(), "gerund".to_owned()].to_vec();
        let mut kept = of(Some(&Constraint::Choice(options))).unwrap().unwrap();
        assert!(kept.allows("pa") && !kept.allows("base") && !kept.may_end());
        kept.push("pa");
        kept.push("st");
        assert!(kept.may_end() && !kept.allows("s"));

        let schema =
            r#"{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}"#;
        let mut kept = of(Some(&Constraint::Schema(schema.to_owned()))).unwrap().unwrap();
        assert!(!kept.allows("The answer") && kept.allows("{\"n\""));
        kept.push("{\"n\":4");
        assert!(kept.allows("2}") && !kept.allows(",\"m\"") && !kept.may_end());
        kept.push("}");
        assert!(kept.may_end());
        assert!(of(Some(&Constraint::Schema("no".to_owned()))).is_err() && of(None).unwrap().is_none());
    }
}
