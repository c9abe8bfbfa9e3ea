//! Where schemas lie: identifiers, anchors and references.

use super::meta;
use super::pattern::Pattern;
use serde_json::Value;
use std::collections::BTreeMap;

/// A schema that cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A reference that leads nowhere.
    #[error("the reference {0} leads nowhere")]
    Reference(String),
    /// A pattern that is not understood.
    #[error("a pattern cannot be used: {0}")]
    Pattern(String),
}

/// The base of a schema that gives none.
const NO_BASE: &str = "schema:///";

/// Keywords that hold one schema, a list of schemas, or schemas by name.
const ONE: &[&str] = &[
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
const NAMED: &[&str] = &["$defs", "definitions", "dependentSchemas", "patternProperties", "properties"];

/// A schema and the resource it lies in.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) resource: usize,
}

/// A schema with an identifier of its own, and what is within it.
struct Resource<'a> {
    uri: String,
    root: &'a Value,
    anchors: BTreeMap<&'a str, &'a Value>,
    dynamic: BTreeMap<&'a str, &'a Value>,
    /// Do keywords such as `type` count, or has the dialect left their vocabulary out?
    asserts: bool,
}

/// All resources of a schema and the documents it may refer to.
#[derive(Default)]
pub(super) struct Resources<'a> {
    list: Vec<Resource<'a>>,
    by_uri: BTreeMap<String, usize>,
    patterns: BTreeMap<&'a str, Pattern>,
}

impl<'a> Resources<'a> {
    /// Reads the schema and the documents; the schema is the first resource.
    pub(super) fn new(schema: &'a Value, documents: &'a [(String, Value)]) -> Result<Self, SchemaError> {
        let mut all = Self::default();
        all.document(NO_BASE, schema, documents)?;
        for (uri, document) in documents {
            all.document(uri, document, documents)?;
        }
        all.document(meta::URI, meta::schema(), documents)?;
        Ok(all)
    }

    /// The schema itself.
    pub(super) fn root(&self) -> Option<Node<'a>> {
        self.list.first().map(|r| Node { value: r.root, resource: 0 })
    }

    pub(super) fn asserts(&self, resource: usize) -> bool {
        self.list.get(resource).is_none_or(|r| r.asserts)
    }

    pub(super) fn pattern(&self, text: &str) -> Option<&Pattern> {
        self.patterns.get(text)
    }

    /// A schema within another: in the same resource, or in its own if it has an identifier.
    pub(super) fn within(&self, parent: usize, value: &'a Value) -> Node<'a> {
        let own = identifier(value).and_then(|id| self.by_uri.get(&join(self.uri(parent), id)));
        Node { value, resource: own.copied().unwrap_or(parent) }
    }

    /// What a reference from a resource leads to.
    pub(super) fn resolve(&self, from: usize, reference: &str) -> Option<Node<'a>> {
        let whole = join(self.uri(from), reference);
        let (uri, fragment) = whole.split_once('#').unwrap_or((&whole, ""));
        let &resource = self.by_uri.get(uri)?;
        let found = self.list.get(resource)?;
        let fragment = percent_decoded(fragment);
        if fragment.is_empty() {
            return Some(Node { value: found.root, resource });
        }
        let Some(pointer) = fragment.strip_prefix('/') else {
            return found.anchors.get(fragment.as_str()).map(|&value| Node { value, resource });
        };
        let mut node = Node { value: found.root, resource };
        for step in pointer.split('/') {
            let step = step.replace("~1", "/").replace("~0", "~");
            let value = match node.value {
                Value::Object(map) => map.get(&step)?,
                Value::Array(list) => list.get(step.parse::<usize>().ok()?)?,
                _ => return None,
            };
            node = self.within(node.resource, value);
        }
        Some(node)
    }

    /// What a dynamic reference leads to: where its plain target is a dynamic anchor, the outermost one of that name.
    pub(super) fn resolve_dynamic(&self, from: usize, reference: &str, scope: &[usize]) -> Option<Node<'a>> {
        let plain = self.resolve(from, reference)?;
        let name = reference.split_once('#').map_or("", |(_, fragment)| fragment);
        let bookend = self.list.get(plain.resource)?.dynamic.get(name);
        if !bookend.is_some_and(|value| std::ptr::eq(*value, plain.value)) {
            return Some(plain);
        }
        let outermost = scope.iter().find_map(|&resource| {
            let value = self.list.get(resource)?.dynamic.get(name)?;
            Some(Node { value, resource })
        });
        Some(outermost.unwrap_or(plain))
    }

    /// Looks every reference up.
    pub(super) fn check(&self) -> Result<(), SchemaError> {
        self.list.iter().enumerate().filter(|(_, r)| !r.uri.starts_with(meta::BASE)).try_for_each(|(i, resource)| {
            each_schema(resource.root, &mut |schema| {
                for keyword in ["$ref", "$dynamicRef"] {
                    let Some(reference) = schema.get(keyword).and_then(Value::as_str) else { continue };
                    // A dialect's own references go to parts of the meta-schema, which is one document here.
                    let known = self.resolve(i, reference).is_some() || reference.starts_with(meta::BASE);
                    if !known {
                        return Err(SchemaError::Reference(reference.to_string()));
                    }
                }
                Ok(())
            })
        })
    }

    fn uri(&self, resource: usize) -> &str {
        self.list.get(resource).map_or(NO_BASE, |r| &r.uri)
    }

    fn document(
        &mut self,
        uri: &str,
        document: &'a Value,
        documents: &'a [(String, Value)],
    ) -> Result<(), SchemaError> {
        let asserts = asserts(document, documents);
        let resource = self.add(uri, document, asserts);
        // A document is found by the address it was fetched from and by its own identifier.
        let own = identifier(document).map(|id| join(uri, id));
        if let Some(own) = own {
            self.by_uri.insert(own.clone(), resource);
            if let Some(r) = self.list.get_mut(resource) {
                r.uri = own;
            }
        }
        self.index(document, resource, asserts)
    }

    fn add(&mut self, uri: &str, root: &'a Value, asserts: bool) -> usize {
        let index = self.list.len();
        let uri = uri.trim_end_matches('#').to_string();
        self.by_uri.entry(uri.clone()).or_insert(index);
        self.list.push(Resource { uri, root, anchors: BTreeMap::new(), dynamic: BTreeMap::new(), asserts });
        index
    }

    /// Anchors, patterns and embedded resources.
    fn index(&mut self, schema: &'a Value, resource: usize, asserts: bool) -> Result<(), SchemaError> {
        let Some(map) = schema.as_object() else { return Ok(()) };
        if let Some(r) = self.list.get_mut(resource) {
            for (keyword, dynamic) in [("$anchor", false), ("$dynamicAnchor", true)] {
                let Some(name) = map.get(keyword).and_then(Value::as_str) else { continue };
                r.anchors.insert(name, schema);
                if dynamic {
                    r.dynamic.insert(name, schema);
                }
            }
        }
        let named = map.get("patternProperties").and_then(Value::as_object);
        let patterns = named.into_iter().flatten().map(|(p, _)| p.as_str());
        for pattern in patterns.chain(map.get("pattern").and_then(Value::as_str)) {
            self.patterns.insert(pattern, Pattern::new(pattern).map_err(SchemaError::Pattern)?);
        }
        for child in children(map) {
            let inner = match identifier(child) {
                Some(id) => self.add(&join(self.uri(resource), id), child, asserts),
                None => resource,
            };
            self.index(child, inner, asserts)?;
        }
        Ok(())
    }
}

/// Does the dialect of a document include the keywords that assert?
fn asserts(document: &Value, documents: &[(String, Value)]) -> bool {
    let dialect = document.get("$schema").and_then(Value::as_str);
    let meta = documents.iter().find(|(uri, _)| Some(uri.as_str()) == dialect).map(|(_, meta)| meta);
    let vocabulary = meta.and_then(|m| m.get("$vocabulary")).and_then(Value::as_object);
    vocabulary.is_none_or(|v| v.contains_key(meta::VALIDATION))
}

/// The identifier that makes a schema a resource.
fn identifier(schema: &Value) -> Option<&str> {
    let id = schema.get("$id")?.as_str()?.trim_end_matches('#');
    (!id.is_empty()).then_some(id)
}

/// The schemas directly within one.
fn children(map: &serde_json::Map<String, Value>) -> impl Iterator<Item = &Value> {
    let one = ONE.iter().filter_map(|k| map.get(*k));
    let list = LIST.iter().filter_map(|k| map.get(*k)?.as_array()).flatten();
    let named = NAMED.iter().filter_map(|k| map.get(*k)?.as_object()).flatten().map(|(_, v)| v);
    one.chain(list).chain(named)
}

/// Visits a schema and those within it, up to those with an identifier of their own.
fn each_schema<'a, E>(schema: &'a Value, visit: &mut dyn FnMut(&'a Value) -> Result<(), E>) -> Result<(), E> {
    visit(schema)?;
    let Some(map) = schema.as_object() else { return Ok(()) };
    children(map).filter(|c| identifier(c).is_none()).try_for_each(|child| each_schema(child, visit))
}

/// A reference against a base, by RFC 3986.
fn join(base: &str, reference: &str) -> String {
    let base = base.split('#').next().unwrap_or_default();
    if reference.is_empty() {
        return base.to_string();
    }
    if reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    if scheme(reference).is_some() {
        return reference.to_string();
    }
    let Some(scheme) = scheme(base) else { return reference.to_string() };
    let after = base.get(scheme.len() + 1..).unwrap_or_default();
    let (authority, path) = match after.strip_prefix("//") {
        Some(rest) => {
            let at = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(at);
            (format!("//{authority}"), path)
        }
        None => (String::new(), after),
    };
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}");
    }
    let (target, fragment) = reference.split_once('#').map_or((reference, ""), |(t, f)| (t, f));
    let path = path.split('?').next().unwrap_or_default();
    let merged = if target.starts_with('/') {
        target.to_string()
    } else {
        let folder = path.rfind('/').map_or("/", |at| path.get(..=at).unwrap_or("/"));
        format!("{folder}{target}")
    };
    let hash = if reference.contains('#') { "#" } else { "" };
    format!("{scheme}:{authority}{}{hash}{fragment}", without_dots(&merged))
}

fn scheme(uri: &str) -> Option<&str> {
    let (scheme, _) = uri.split_once(':')?;
    let letters = scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (letters && scheme.starts_with(|c: char| c.is_ascii_alphabetic())).then_some(scheme)
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let steps: Vec<&str> = path.split('/').collect();
    for (i, &step) in steps.iter().enumerate() {
        let last = i + 1 == steps.len();
        match step {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                if kept.len() > 1 {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            step => kept.push(step),
        }
    }
    kept.join("/")
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        match hex {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_join_by_rfc_3986() {
        let base = "http://a/b/c/d";
        for (reference, whole) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("#s", "http://a/b/c/d#s"),
            ("g#s", "http://a/b/c/g#s"),
            ("..", "http://a/b/"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("urn:x:y", "urn:x:y"),
        ] {
            assert_eq!(join(base, reference), whole, "{reference}");
        }
        assert_eq!(join("urn:x:y#z", "#s"), "urn:x:y#s");
        assert_eq!(join(NO_BASE, "item.json"), "schema:///item.json");
        assert_eq!(percent_decoded("a%25b%22%c3%a9%"), "a%b\"é%");
    }
}
