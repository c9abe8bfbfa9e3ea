//! What an entry of the first page is about: for the filters there, and for the index.

use std::collections::BTreeSet;

use cards::node::Node;
use serde_json::Value;

use crate::published::Published;

/// Models, tasks and so on of some cards, each once and sorted.
#[derive(Debug, Default)]
pub struct Facets {
    /// Names of models.
    pub models: BTreeSet<String>,
    /// Ids of tasks.
    pub tasks: BTreeSet<String>,
    /// What computed, such as `cpu`.
    pub backends: BTreeSet<String>,
    /// Verdicts of results and of differences, in words.
    pub verdicts: BTreeSet<String>,
    /// Words of the ladder.
    pub levels: BTreeSet<String>,
}

impl Facets {
    /// Of all these cards together.
    pub fn of<'a>(cards: impl IntoIterator<Item = &'a Published>) -> Self {
        let mut all = Self::default();
        for card in cards {
            all.models.extend(card.models().into_iter().map(str::to_owned));
            all.tasks.extend(card.tasks().into_iter().map(str::to_owned));
            let backend = card.run().and_then(|run| serde_json::to_value(run.environment.backend).ok());
            all.backends.extend(backend.as_ref().and_then(Value::as_str).map(str::to_owned));
            let rows = ["/results", "/comparison/tasks"].into_iter().filter_map(|path| card.value.pointer(path));
            let verdicts = rows.filter_map(Value::as_array).flatten().filter_map(|row| row.get("verdict")?.as_str());
            all.verdicts.extend(verdicts.map(|verdict| verdict.replace('_', " ")));
            all.levels.insert(card.level.word());
        }
        all
    }

    /// Writes them on an entry, one value a line, as the page's filters read them.
    pub fn mark(&self, entry: Node) -> Node {
        let lists = [
            ("data-model", &self.models),
            ("data-task", &self.tasks),
            ("data-backend", &self.backends),
            ("data-verdict", &self.verdicts),
            ("data-level", &self.levels),
        ];
        lists.into_iter().fold(entry, |entry, (name, values)| entry.attr(name, lines(values)))
    }
}

/// Values one a line; a line break in one of them becomes a space.
pub fn lines<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    let whole = |value: &String| value.split_whitespace().collect::<Vec<_>>().join(" ");
    values.into_iter().map(whole).collect::<Vec<_>>().join("\n")
}
