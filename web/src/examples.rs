//! Cards to look at: links of real runs of the built-in demo models, as `sweetspot link` wrote them.

/// Name and link.
pub const EXAMPLES: &[(&str, &str)] = &[];
