//! Golden files: hidden states and logits of a reference implementation, as safetensors.

use std::path::Path;

use safetensors::SafeTensors;

/// A golden file in memory.
pub struct Golden {
    bytes: Vec<u8>,
}

impl Golden {
    /// Reads a golden file.
    ///
    /// # Panics
    /// If it cannot be read: a test without its golden must not pass.
    pub fn open(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Self { bytes }
    }

    /// The token ids of each sequence.
    pub fn sequences(&self) -> Vec<Vec<u32>> {
        (0..).map_while(|n| self.words(&format!("ids.{n}")).map(|w| w.map(u32::from_le_bytes).collect())).collect()
    }

    /// A tensor's values, if the file holds it.
    pub fn values(&self, name: &str) -> Option<Vec<f32>> {
        Some(self.words(name)?.map(f32::from_le_bytes).collect())
    }

    fn words(&self, name: &str) -> Option<impl Iterator<Item = [u8; 4]> + '_> {
        let file = SafeTensors::deserialize(&self.bytes).expect("a golden file is valid safetensors");
        let tensor = file.tensor(name).ok()?;
        Some(tensor.data().chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]]))
    }
}

/// Largest absolute difference; infinite where lengths differ or a value is NaN.
pub fn max_abs_difference(expected: &[f32], found: &[f32]) -> f64 {
    if expected.len() != found.len() || found.iter().any(|x| x.is_nan()) {
        return f64::INFINITY;
    }
    expected.iter().zip(found).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max)
}

/// Root mean square difference; infinite where lengths differ or a value is NaN.
pub fn rms_difference(expected: &[f32], found: &[f32]) -> f64 {
    if expected.len() != found.len() || expected.is_empty() || found.iter().any(|x| x.is_nan()) {
        return f64::INFINITY;
    }
    let sum: f64 = expected.iter().zip(found).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    (sum / expected.len() as f64).sqrt()
}

/// Difference between the two largest values.
pub fn top_margin(row: &[f32]) -> f64 {
    let mut sorted = row.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    f64::from(sorted[0] - sorted[1])
}

/// Index of the largest value.
pub fn argmax(row: &[f32]) -> usize {
    (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]).then(b.cmp(&a))).unwrap_or(0)
}
