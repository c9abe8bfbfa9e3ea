//! What a schema of draft 2020-12 must look like, in one document.
//!
//! Our own wording of the demands of the published meta-schema, which is nine documents: a schema passes this one if
//! it passes those. It is found under the published address.

use serde_json::{Value, json};
use std::sync::LazyLock;

/// The address of the dialect.
pub(super) const URI: &str = "https://json-schema.org/draft/2020-12/schema";

/// Everything published for the draft lies below.
pub(super) const BASE: &str = "https://json-schema.org/draft/2020-12/";

/// The vocabulary of the keywords that assert.
pub(super) const VALIDATION: &str = "https://json-schema.org/draft/2020-12/vocab/validation";

/// The document.
pub(super) fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(document);
    &SCHEMA
}

fn document() -> Value {
    let mut properties = serde_json::Map::new();
    let mut add = |names: &str, what: Value| {
        for name in names.split_whitespace() {
            properties.insert(name.to_string(), what.clone());
        }
    };
    let one = json!({"$dynamicRef": "#meta"});
    let count = json!({"type": "integer", "minimum": 0});
    let names = json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true});
    let text = json!({"type": "string"});
    let types = json!({"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]});
    add(
        "additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems \
         unevaluatedProperties",
        one.clone(),
    );
    add("allOf anyOf oneOf prefixItems", json!({"type": "array", "minItems": 1, "items": one}));
    add(
        "$defs definitions dependentSchemas patternProperties properties",
        json!({"type": "object", "additionalProperties": one}),
    );
    add("maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties", count);
    add("exclusiveMaximum exclusiveMinimum maximum minimum", json!({"type": "number"}));
    add("multipleOf", json!({"type": "number", "exclusiveMinimum": 0}));
    add("required", names.clone());
    add("dependentRequired", json!({"type": "object", "additionalProperties": names}));
    add("enum examples", json!({"type": "array"}));
    add("deprecated readOnly writeOnly uniqueItems", json!({"type": "boolean"}));
    add("$comment $schema contentEncoding contentMediaType description format pattern title $dynamicRef $ref", text);
    add("$id", json!({"type": "string", "pattern": "^[^#]*#?$"}));
    add("$anchor $dynamicAnchor", json!({"type": "string", "pattern": "^[A-Za-z_][-A-Za-z0-9._]*$"}));
    add("$vocabulary", json!({"type": "object", "additionalProperties": {"type": "boolean"}}));
    add("type", json!({"anyOf": [types, {"type": "array", "items": types, "minItems": 1, "uniqueItems": true}]}));
    json!({"$id": URI, "$dynamicAnchor": "meta", "type": ["object", "boolean"], "properties": properties})
}
