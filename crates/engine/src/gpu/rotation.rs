//! Rotations of all positions, in a table that grows when a longer sequence comes.

use std::rc::Rc;

use weights::LayerKind;

use super::Gpu;
use super::rows::Gain;
use crate::Error;
use crate::rope::rotations;

/// Positions of the first table.
const FEWEST: u32 = 64;

/// The tables of both kinds of layers.
#[derive(Default)]
pub struct Tables {
    n_positions: u32,
    local: Option<Gain>,
    global: Option<Gain>,
}

impl Gpu {
    /// Cosine and sine of at least `n_positions` positions and each pair: `[n_positions, head_dim / 2]`.
    pub(super) fn rotation(&self, kind: LayerKind, n_positions: u32) -> Result<Rc<wgpu::Buffer>, Error> {
        let mut tables = self.rotations.borrow_mut();
        if tables.n_positions < n_positions || tables.local.is_none() {
            let n = n_positions.max(FEWEST).next_power_of_two().min((self.config.context as u32).max(n_positions));
            let positions: Vec<u32> = (0..n).collect();
            let upload = |base| {
                let turns = rotations(&positions, self.config.head_dim, base);
                let words: Vec<u32> = turns.as_flattened().iter().map(|value| value.to_bits()).collect();
                self.device.upload("rotation", &words).map(Rc::new)
            };
            let local = upload(self.config.rope_base_local)?;
            let global = upload(self.config.rope_base_global)?;
            *tables = Tables { n_positions: n, local: Some(local), global: Some(global) };
        }
        let table = match kind {
            LayerKind::Local => &tables.local,
            LayerKind::Global => &tables.global,
        };
        let none = || super::GpuError::Invalid { why: "no rotation was made".to_owned() };
        Ok(table.clone().ok_or_else(none)?)
    }
}
