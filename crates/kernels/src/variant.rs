//! What a kernel can be composed of, and the text that comes out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Format, Kernel};

/// How sums over neighbouring invocations are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduce {
    /// Through workgroup memory: everywhere.
    Workgroup,
    /// Through subgroup shuffles, where the device has them.
    Subgroup,
}

/// How keys and values are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// f32: everywhere.
    F32,
    /// f16, where the device has it.
    F16,
}

/// How the invocations of a product load what they multiply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Each for itself: everywhere.
    Strided,
    /// Each a part that the subgroup shares: where loads are what a product costs.
    Spread,
}

/// What a device has, or is held to. Serialised as its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tier {
    /// How sums are made.
    pub reduce: Reduce,
    /// How keys and values are kept.
    pub precision: Precision,
}

/// One composition of a kernel; `None` where the kernel has no use for the part.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    /// The weight format.
    pub format: Option<Format>,
    /// How sums are made.
    pub reduce: Option<Reduce>,
    /// How keys and values are kept.
    pub precision: Option<Precision>,
    /// How products load.
    pub product: Option<Product>,
    /// Numbers that replace the kernel's defaults.
    pub overrides: BTreeMap<&'static str, u32>,
}

impl Tier {
    /// Every tier, the plainest first.
    pub const ALL: [Self; 4] = [
        Self { reduce: Reduce::Workgroup, precision: Precision::F32 },
        Self { reduce: Reduce::Workgroup, precision: Precision::F16 },
        Self { reduce: Reduce::Subgroup, precision: Precision::F32 },
        Self { reduce: Reduce::Subgroup, precision: Precision::F16 },
    ];

    /// `baseline`, `f16`, `subgroups` or `f16+subgroups`.
    pub const fn name(self) -> &'static str {
        match (self.reduce, self.precision) {
            (Reduce::Workgroup, Precision::F32) => "baseline",
            (Reduce::Workgroup, Precision::F16) => "f16",
            (Reduce::Subgroup, Precision::F32) => "subgroups",
            (Reduce::Subgroup, Precision::F16) => "f16+subgroups",
        }
    }
}

impl From<Tier> for String {
    fn from(tier: Tier) -> Self {
        tier.name().to_owned()
    }
}

impl TryFrom<String> for Tier {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|t| t.name() == name);
        known.ok_or_else(|| format!("no tier is called {name:?}: expected baseline, f16, subgroups or f16+subgroups"))
    }
}

/// Who compiles the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compiler {
    /// naga: knows subgroup built-ins without being told, and refuses the line that enables them.
    Naga,
    /// A browser's: must be told.
    Browser,
}

impl Kernel {
    /// The compositions of this kernel in a tier: one for each weight format if it reads weights, and for each way to
    /// load if it multiplies rows by them.
    pub fn variants(&self, tier: Tier) -> Vec<Variant> {
        let one = |format, product| self.variant(tier, format, product);
        let products: &[Product] = match tier.reduce {
            Reduce::Workgroup => &[Product::Strided],
            Reduce::Subgroup => &[Product::Strided, Product::Spread],
        };
        match (self.needs.weight, self.needs.product) {
            (false, _) => vec![one(None, Product::Strided)],
            (true, false) => Format::ALL.map(|f| one(Some(f), Product::Strided)).to_vec(),
            (true, true) => products.iter().flat_map(|&p| Format::ALL.map(|f| one(Some(f), p))).collect(),
        }
    }

    /// The composition of a tier for a format and a way to load, as far as the kernel has a use for them.
    pub fn variant(&self, tier: Tier, format: Option<Format>, product: Product) -> Variant {
        Variant {
            format,
            reduce: self.needs.reduce.then_some(tier.reduce),
            precision: self.needs.precision.then_some(tier.precision),
            product: self.needs.product.then_some(product),
            overrides: BTreeMap::new(),
        }
    }

    /// The whole text of a composition: files one after another.
    pub fn source(&self, variant: &Variant, compiler: Compiler) -> String {
        let mut text = String::new();
        if variant.precision == Some(Precision::F16) {
            text.push_str("enable f16;\n");
        }
        if variant.needs_subgroups() && compiler == Compiler::Browser {
            text.push_str("enable subgroups;\n");
        }
        let precision = variant.precision.map(|p| match p {
            Precision::F32 => include_str!("../../../shaders/precision/f32.wgsl"),
            Precision::F16 => include_str!("../../../shaders/precision/f16.wgsl"),
        });
        let reduce = variant.reduce.map(|r| match r {
            Reduce::Workgroup => include_str!("../../../shaders/reduce/workgroup.wgsl"),
            Reduce::Subgroup => include_str!("../../../shaders/reduce/subgroup.wgsl"),
        });
        let row_sum = self.needs.row_sum.then_some(include_str!("../../../shaders/reduce/row.wgsl"));
        let residual = self.needs.residual.then_some(include_str!("../../../shaders/norm/residual.wgsl"));
        let run = include_str!("../../../shaders/weight/run.wgsl");
        let weight = variant.format.map(|f| {
            let run = if f.has_run() { "" } else { run };
            [include_str!("../../../shaders/weight/eight.wgsl"), f.wgsl(), run]
        });
        let product = variant.product.map(|p| match p {
            Product::Strided => include_str!("../../../shaders/product/strided.wgsl"),
            Product::Spread => include_str!("../../../shaders/product/spread.wgsl"),
        });
        let sums = reduce.into_iter().chain(row_sum).chain(product);
        let parts =
            precision.into_iter().chain(sums).chain(weight.into_iter().flatten()).chain(residual).chain([self.wgsl]);
        for part in parts {
            text.push_str(part);
            text.push('\n');
        }
        text
    }
}

impl Variant {
    /// This composition with a number set.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: u32) -> Self {
        self.overrides.insert(name, value);
        self
    }

    /// Whether its text names subgroups.
    pub fn needs_subgroups(&self) -> bool {
        self.reduce == Some(Reduce::Subgroup) || self.product == Some(Product::Spread)
    }

    /// A number as set, or its default in the kernel's file: 64 invocations, 8 lanes for a product.
    pub fn number(&self, name: &str, default: u32) -> u32 {
        self.overrides.get(name).copied().unwrap_or(default)
    }

    /// `q4_0, subgroups, f16, LANES 8`, or `plain`.
    pub fn label(&self) -> String {
        let format = self.format.map(|f| f.name().to_owned());
        let reduce = self.reduce.map(|r| match r {
            Reduce::Workgroup => "workgroup memory".to_owned(),
            Reduce::Subgroup => "subgroups".to_owned(),
        });
        let precision = self.precision.map(|p| match p {
            Precision::F32 => "f32".to_owned(),
            Precision::F16 => "f16".to_owned(),
        });
        let product = self.product.filter(|&p| p == Product::Spread).map(|_| "spread".to_owned());
        let numbers = self.overrides.iter().map(|(name, value)| format!("{name} {value}"));
        let parts: Vec<String> =
            format.into_iter().chain(reduce).chain(precision).chain(product).chain(numbers).collect();
        if parts.is_empty() { "plain".to_owned() } else { parts.join(", ") }
    }
}
