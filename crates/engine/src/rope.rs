//! The angles of rotary position embedding.

/// Cosine and sine of `position * base^(-2i / head_dim)` for each position and each i below `head_dim / 2`, computed in
/// f64: `[n_rows, head_dim / 2]` (Su et al., "RoFormer", arXiv 2104.09864, section 3.2.2).
pub fn rotations(positions: &[u32], head_dim: usize, base: f64) -> Vec<[f32; 2]> {
    let speeds: Vec<f64> = (0..head_dim / 2).map(|i| base.powf(-2.0 * i as f64 / head_dim as f64)).collect();
    positions
        .iter()
        .flat_map(|&position| speeds.iter().map(move |speed| f64::from(position) * speed))
        .map(|angle| [angle.cos() as f32, angle.sin() as f32])
        .collect()
}
