//! Validation under draft 2020-12.

use super::resources::{Node, Resources, SchemaError};
use super::{equal, quantity};
use serde_json::{Map, Value};
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Schemas within schemas at most; a reference that leads to itself ends here.
const MOST_DEPTH: u32 = 256;

/// What sort of rule is broken, in the words of detector 16.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Something that may not be there.
    Extra,
    /// Something required is not there.
    Missing,
    /// Of another type.
    Type,
    /// Not among the values allowed.
    Enum,
    /// Any other rule.
    Constraint,
}

impl Kind {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extra => "extra",
            Self::Missing => "missing",
            Self::Type => "type",
            Self::Enum => "enum",
            Self::Constraint => "constraint",
        }
    }
}

/// One rule broken at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Where, as a JSON pointer into the value.
    pub path: String,
    /// How.
    pub kind: Kind,
}

/// Checks a value against a schema that stands on its own. A schema that cannot be applied is a broken constraint of
/// every value.
pub fn validate(schema: &Value, value: &Value) -> Result<(), Vec<Violation>> {
    match Validator::new(schema, &[]) {
        Ok(validator) => validator.validate(value),
        Err(_) => Err(vec![Violation { path: String::new(), kind: Kind::Constraint }]),
    }
}

/// A schema that was read, and the documents it refers to.
pub struct Validator<'a> {
    resources: Resources<'a>,
}

impl<'a> Validator<'a> {
    /// Reads a schema. `documents` are what it may refer to, by address; nothing is fetched.
    pub fn new(schema: &'a Value, documents: &'a [(String, Value)]) -> Result<Self, SchemaError> {
        let resources = Resources::new(schema, documents)?;
        resources.check()?;
        Ok(Self { resources })
    }

    /// Checks a value.
    pub fn validate(&self, value: &Value) -> Result<(), Vec<Violation>> {
        let Some(root) = self.resources.root() else { return Ok(()) };
        let mut check = Check { resources: &self.resources, scope: Vec::new(), depth: 0 };
        let seen = check.schema(root, value, &Place::Root);
        if seen.broken.is_empty() { Ok(()) } else { Err(seen.broken) }
    }
}

/// Where in the value a check is: a list from the inside out, written down only when something is broken.
enum Place<'p> {
    Root,
    Key(&'p Place<'p>, &'p str),
    Index(&'p Place<'p>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Key(outer, key) => format!("{}/{}", outer.pointer(), key.replace('~', "~0").replace('/', "~1")),
            Self::Index(outer, index) => format!("{}/{index}", outer.pointer()),
        }
    }

    fn broken(&self, kind: Kind) -> Violation {
        Violation { path: self.pointer(), kind }
    }
}

/// What a schema says of a value: what is broken, and which parts it looked at.
#[derive(Default)]
struct Seen {
    broken: Vec<Violation>,
    keys: BTreeSet<String>,
    items: BTreeSet<usize>,
}

impl Seen {
    /// Takes over all that another schema said of the same value.
    fn and(&mut self, other: Self) {
        self.broken.extend(other.broken);
        self.keys.extend(other.keys);
        self.items.extend(other.items);
    }

    /// Takes over what another schema looked at, if the value passed it. Did it?
    fn if_valid(&mut self, other: Self) -> bool {
        let valid = other.broken.is_empty();
        if valid {
            self.and(other);
        }
        valid
    }

    fn demand(&mut self, holds: bool, place: &Place<'_>, kind: Kind) {
        if !holds {
            self.broken.push(place.broken(kind));
        }
    }
}

struct Check<'r, 'a> {
    resources: &'r Resources<'a>,
    /// Resources entered, the outermost first.
    scope: Vec<usize>,
    depth: u32,
}

impl<'a> Check<'_, 'a> {
    fn schema(&mut self, node: Node<'a>, value: &Value, place: &Place<'_>) -> Seen {
        let mut seen = Seen::default();
        let map = match node.value {
            Value::Bool(allowed) => {
                seen.demand(*allowed, place, Kind::Constraint);
                return seen;
            }
            Value::Object(map) => map,
            _ => return seen,
        };
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            seen.demand(false, place, Kind::Constraint);
        } else {
            self.scope.push(node.resource);
            let schema = Schema { map, resource: node.resource };
            self.references(schema, value, place, &mut seen);
            self.combinations(schema, value, place, &mut seen);
            if self.resources.asserts(node.resource) {
                self.assertions(schema, value, place, &mut seen);
            }
            match value {
                Value::Object(object) => self.object(schema, object, place, &mut seen),
                Value::Array(items) => self.array(schema, items, place, &mut seen),
                _ => {}
            }
            self.scope.pop();
        }
        self.depth -= 1;
        seen
    }

    fn sub(&mut self, schema: Schema<'a>, value: &'a Value, of: &Value, place: &Place<'_>) -> Seen {
        let node = self.resources.within(schema.resource, value);
        self.schema(node, of, place)
    }

    fn references(&mut self, schema: Schema<'a>, value: &Value, place: &Place<'_>, seen: &mut Seen) {
        let plain = schema.text("$ref").map(|r| self.resources.resolve(schema.resource, r));
        let dynamic =
            schema.text("$dynamicRef").map(|r| self.resources.resolve_dynamic(schema.resource, r, &self.scope));
        for target in plain.into_iter().chain(dynamic) {
            match target {
                Some(node) => seen.and(self.schema(node, value, place)),
                None => seen.demand(false, place, Kind::Constraint),
            }
        }
    }

    fn combinations(&mut self, schema: Schema<'a>, value: &Value, place: &Place<'_>, seen: &mut Seen) {
        for inner in schema.list("allOf") {
            seen.and(self.sub(schema, inner, value, place));
        }
        for (keyword, exactly_one) in [("anyOf", false), ("oneOf", true)] {
            let branches = schema.list(keyword);
            if branches.is_empty() {
                continue;
            }
            let (mut passed, mut kinds) = (0, BTreeSet::new());
            for inner in branches {
                let said = self.sub(schema, inner, value, place);
                kinds.extend(said.broken.iter().map(|b| b.kind));
                passed += u32::from(seen.if_valid(said));
            }
            if passed == 0 || exactly_one && passed > 1 {
                // Where all branches object to the same, that is what is broken.
                let same = (kinds.len() == 1 && passed == 0).then(|| kinds.first().copied()).flatten();
                seen.demand(false, place, same.unwrap_or(Kind::Constraint));
            }
        }
        if let Some(inner) = schema.map.get("not") {
            let said = self.sub(schema, inner, value, place);
            seen.demand(!said.broken.is_empty(), place, Kind::Constraint);
        }
        if let Some(condition) = schema.map.get("if") {
            let said = self.sub(schema, condition, value, place);
            let branch = if seen.if_valid(said) { "then" } else { "else" };
            if let Some(inner) = schema.map.get(branch) {
                seen.and(self.sub(schema, inner, value, place));
            }
        }
    }

    fn assertions(&self, schema: Schema<'a>, value: &Value, place: &Place<'_>, seen: &mut Seen) {
        match schema.map.get("type") {
            Some(Value::String(name)) => seen.demand(is_of(value, name), place, Kind::Type),
            Some(Value::Array(names)) => {
                let any = names.iter().filter_map(Value::as_str).any(|name| is_of(value, name));
                seen.demand(any, place, Kind::Type);
            }
            _ => {}
        }
        if let Some(Value::Array(allowed)) = schema.map.get("enum") {
            seen.demand(allowed.iter().any(|a| equal(a, value)), place, Kind::Enum);
        }
        if let Some(constant) = schema.map.get("const") {
            seen.demand(equal(constant, value), place, Kind::Enum);
        }
        let mut hold = |holds: bool| seen.demand(holds, place, Kind::Constraint);
        match value {
            Value::Number(n) => {
                let against = |keyword: &str| schema.number(keyword).map(|limit| quantity::compare(n, limit));
                hold(against("minimum").is_none_or(Ordering::is_ge));
                hold(against("maximum").is_none_or(Ordering::is_le));
                hold(against("exclusiveMinimum").is_none_or(Ordering::is_gt));
                hold(against("exclusiveMaximum").is_none_or(Ordering::is_lt));
                hold(schema.number("multipleOf").is_none_or(|of| quantity::is_multiple(n, of)));
            }
            Value::String(text) => {
                hold(schema.within(text.chars().count(), "minLength", "maxLength"));
                let pattern = schema.text("pattern").and_then(|p| self.resources.pattern(p));
                hold(pattern.is_none_or(|p| p.is_match(text)));
            }
            Value::Array(items) => {
                hold(schema.within(items.len(), "minItems", "maxItems"));
                let unique = || items.iter().enumerate().all(|(i, a)| !items.iter().take(i).any(|b| equal(a, b)));
                hold(schema.map.get("uniqueItems") != Some(&Value::Bool(true)) || unique());
            }
            Value::Object(object) => {
                hold(schema.within(object.len(), "minProperties", "maxProperties"));
                let dependent = schema.named("dependentRequired").filter(|(key, _)| object.contains_key(*key));
                let lists = dependent.filter_map(|(_, list)| list.as_array()).chain(schema.array("required")).flatten();
                for key in lists.filter_map(Value::as_str).filter(|key| !object.contains_key(*key)) {
                    seen.broken.push(Place::Key(place, key).broken(Kind::Missing));
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, schema: Schema<'a>, object: &Map<String, Value>, place: &Place<'_>, seen: &mut Seen) {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (key, value) in object {
            let at = Place::Key(place, key);
            if let Some(inner) = schema.map.get("properties").and_then(|p| p.get(key)) {
                known.insert(key);
                seen.broken.extend(self.sub(schema, inner, value, &at).broken);
            }
            for (pattern, inner) in schema.named("patternProperties") {
                if self.resources.pattern(pattern).is_some_and(|p| p.is_match(key)) {
                    known.insert(key);
                    seen.broken.extend(self.sub(schema, inner, value, &at).broken);
                }
            }
            if let Some(inner) = schema.map.get("propertyNames") {
                let name = Value::String(key.clone());
                seen.broken.extend(self.sub(schema, inner, &name, &at).broken);
            }
            if let Some(inner) = schema.named("dependentSchemas").find(|(name, _)| *name == key).map(|(_, inner)| inner)
            {
                let whole = Value::Object(object.clone());
                seen.and(self.sub(schema, inner, &whole, place));
            }
        }
        seen.keys.extend(known.iter().map(ToString::to_string));
        // Those that no other keyword knows, then those that no other schema has looked at.
        for keyword in ["additionalProperties", "unevaluatedProperties"] {
            let Some(inner) = schema.map.get(keyword) else { continue };
            for (key, value) in object {
                let other = if keyword == "additionalProperties" {
                    !known.contains(key.as_str())
                } else {
                    !seen.keys.contains(key)
                };
                if other {
                    let said = self.other(schema, inner, value, &Place::Key(place, key));
                    seen.broken.extend(said);
                    seen.keys.insert(key.clone());
                }
            }
        }
    }

    fn array(&mut self, schema: Schema<'a>, items: &[Value], place: &Place<'_>, seen: &mut Seen) {
        let prefix = schema.list("prefixItems");
        for (i, (value, inner)) in items.iter().zip(prefix).enumerate() {
            seen.broken.extend(self.sub(schema, inner, value, &Place::Index(place, i)).broken);
            seen.items.insert(i);
        }
        if let Some(inner) = schema.map.get("items") {
            for (i, value) in items.iter().enumerate().skip(prefix.len()) {
                let said = self.other(schema, inner, value, &Place::Index(place, i));
                seen.broken.extend(said);
                seen.items.insert(i);
            }
        }
        if let Some(inner) = schema.map.get("contains") {
            let mut n = 0;
            for (i, value) in items.iter().enumerate() {
                if self.sub(schema, inner, value, &Place::Index(place, i)).broken.is_empty() {
                    n += 1;
                    seen.items.insert(i);
                }
            }
            let least = schema.count("minContains").unwrap_or(1);
            let asserts = self.resources.asserts(schema.resource);
            let enough = n >= least && schema.count("maxContains").is_none_or(|most| n <= most);
            seen.demand(!asserts || enough, place, Kind::Constraint);
        }
        if let Some(inner) = schema.map.get("unevaluatedItems") {
            for (i, value) in items.iter().enumerate() {
                if seen.items.insert(i) {
                    let said = self.other(schema, inner, value, &Place::Index(place, i));
                    seen.broken.extend(said);
                }
            }
        }
    }

    /// What the schema for everything else says; where that is `false`, the thing is one too many.
    fn other(&mut self, schema: Schema<'a>, inner: &'a Value, value: &Value, place: &Place<'_>) -> Vec<Violation> {
        if *inner == Value::Bool(false) {
            return vec![place.broken(Kind::Extra)];
        }
        self.sub(schema, inner, value, place).broken
    }
}

/// A schema that is an object.
#[derive(Clone, Copy)]
struct Schema<'a> {
    map: &'a Map<String, Value>,
    resource: usize,
}

impl<'a> Schema<'a> {
    fn text(self, keyword: &str) -> Option<&'a str> {
        self.map.get(keyword)?.as_str()
    }

    fn number(self, keyword: &str) -> Option<&'a serde_json::Number> {
        self.map.get(keyword)?.as_number()
    }

    fn array(self, keyword: &str) -> Option<&'a Vec<Value>> {
        self.map.get(keyword)?.as_array()
    }

    fn list(self, keyword: &str) -> &'a [Value] {
        self.array(keyword).map_or(&[], Vec::as_slice)
    }

    fn named(self, keyword: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.map.get(keyword).and_then(Value::as_object).into_iter().flatten()
    }

    /// A count, which may be written `2.0`.
    fn count(self, keyword: &str) -> Option<usize> {
        let n = self.number(keyword)?;
        n.as_u64().map(|n| n as usize).or_else(|| n.as_f64().map(|n| n as usize))
    }

    fn within(self, n: usize, least: &str, most: &str) -> bool {
        self.count(least).is_none_or(|least| n >= least) && self.count(most).is_none_or(|most| n <= most)
    }
}

fn is_of(value: &Value, name: &str) -> bool {
    match value {
        Value::Null => name == "null",
        Value::Bool(_) => name == "boolean",
        Value::Number(n) => name == "number" || name == "integer" && quantity::is_whole(n),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    }
}
