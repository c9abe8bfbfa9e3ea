//! Names of the battery's tasks, taken from the catalogue when the program is built: whoever shows a card in a browser needs
//! the names, and not the questions and generators that hang on the catalogue's rows.

use probes::CATALOGUE;

/// Id and name of each task.
static NAMES: [(&str, &str); CATALOGUE.len()] = {
    let mut names = [("", ""); CATALOGUE.len()];
    let mut i = 0;
    while i < names.len() {
        names[i] = (CATALOGUE[i].id, CATALOGUE[i].name);
        i += 1;
    }
    names
};

/// The name that the battery gives a task, by its id or that of one of its parts, such as `A20.cloze`.
pub fn task_name(id: &str) -> Option<&'static str> {
    let base = id.split('.').next().unwrap_or(id);
    NAMES.iter().find(|(known, _)| *known == base).map(|(_, name)| *name)
}

/// The language of a task's items, as `lang` names it, where it is not English throughout. Tasks with items of several
/// languages have none: a sample does not say which is its own.
pub(crate) fn task_language(id: &str) -> Option<&'static str> {
    task_name(id).filter(|name| name.ends_with("_it")).map(|_| "it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_of_the_catalogue_has_its_name() {
        for entry in CATALOGUE {
            assert_eq!(task_name(entry.id), Some(entry.name));
        }
        assert_eq!(task_name("A01.any"), task_name("A01"));
        assert_eq!(["E02", "E03", "E04.any"].map(task_language), [Some("it"); 3]);
        assert_eq!(["A01", "D01", "x_it"].map(task_language), [None; 3]);
        assert_eq!((task_name("a01"), task_name("domain"), task_name("")), (None, None, None));
    }
}
