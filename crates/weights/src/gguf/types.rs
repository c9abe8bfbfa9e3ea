//! Tensor type numbers: those read here, and the names of the others.

use crate::dtype::Dtype;
use crate::error::{Error, invalid, quote};
use crate::source::Source;

/// The type numbers that are read: `enum ggml_type` in `ggml.h` of <https://github.com/ggml-org/ggml>.
const READ: [(u32, Dtype); 11] = [
    (0, Dtype::F32),
    (1, Dtype::F16),
    (2, Dtype::Q4_0),
    (3, Dtype::Q4_1),
    (6, Dtype::Q5_0),
    (7, Dtype::Q5_1),
    (8, Dtype::Q8_0),
    (12, Dtype::Q4K),
    (13, Dtype::Q5K),
    (14, Dtype::Q6K),
    (30, Dtype::Bf16),
];

/// The names of the others, for messages only.
const NOT_READ: [(u32, &str); 31] = [
    (4, "Q4_2"),
    (5, "Q4_3"),
    (9, "Q8_1"),
    (10, "Q2_K"),
    (11, "Q3_K"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (20, "IQ4_NL"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (24, "I8"),
    (25, "I16"),
    (26, "I32"),
    (27, "I64"),
    (28, "F64"),
    (29, "IQ1_M"),
    (31, "Q4_0_4_4"),
    (32, "Q4_0_4_8"),
    (33, "Q4_0_8_8"),
    (34, "TQ1_0"),
    (35, "TQ2_0"),
    (36, "IQ4_NL_4_4"),
    (37, "IQ4_NL_4_8"),
    (38, "IQ4_NL_8_8"),
    (39, "MXFP4"),
    (40, "NVFP4"),
    (41, "Q1_0"),
];

/// The type of a number, or an error that names the type.
pub(super) fn type_of(source: &dyn Source, tensor: &str, number: u32) -> Result<Dtype, Error> {
    if let Some((_, dtype)) = READ.iter().find(|(known, _)| *known == number) {
        return Ok(*dtype);
    }
    match NOT_READ.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => Err(Error::Unsupported {
            file: source.name().to_owned(),
            what: format!("tensor type {name} (tensor {})", quote(tensor)),
            help: "use a file with F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K or Q6_K",
        }),
        None => Err(invalid(
            source.name(),
            format!("tensor {}", quote(tensor)),
            "a tensor type number that ggml defines",
            number.to_string(),
        )),
    }
}
