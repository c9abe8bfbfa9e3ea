//! Keys and values of past positions, f32, in slots that grow by doubling.

use std::ops::Range;

use candle_core::{DType, Device, Tensor};
use weights::Config;

use crate::Error;

/// Positions that a slot holds when it is first written.
const FIRST_POSITIONS: usize = 64;

/// The KV cache: per slot and layer, keys and values `[positions, kv_heads * head_dim]`.
pub struct Cache {
    width: usize,
    capacity: usize,
    n_layers: usize,
    slots: Vec<Vec<Option<(Tensor, Tensor)>>>,
}

impl Cache {
    /// An empty cache.
    pub fn new(config: &Config, n_slots: usize, capacity: usize) -> Self {
        Self {
            width: config.n_kv_heads * config.head_dim,
            capacity,
            n_layers: config.n_layers,
            slots: (0..n_slots).map(|_| vec![None; config.n_layers]).collect(),
        }
    }

    /// Writes the keys and values of `n` new positions behind `past` ones.
    pub fn extend(&mut self, slot: usize, layer: usize, past: usize, k: &Tensor, v: &Tensor) -> Result<(), Error> {
        let needed = past + k.dim(0)?;
        if needed > self.capacity {
            return Err(Error::Context { needed, context: self.capacity, limit: self.capacity });
        }
        let width = self.width;
        let place = self.place(slot, layer)?;
        let held = place.as_ref().map_or(0, |(k, _)| k.dims()[0]);
        if held < needed {
            let room = needed.next_power_of_two().max(FIRST_POSITIONS);
            let grow = |old: Option<&Tensor>| -> Result<Tensor, Error> {
                let new = Tensor::zeros((room, width), DType::F32, &Device::Cpu)?;
                if let Some(old) = old {
                    new.slice_set(old, 0, 0)?;
                }
                Ok(new)
            };
            let grown = (grow(place.as_ref().map(|p| &p.0))?, grow(place.as_ref().map(|p| &p.1))?);
            *place = Some(grown);
        }
        if let Some((keys, values)) = place {
            keys.slice_set(&k.contiguous()?, 0, past)?;
            values.slice_set(&v.contiguous()?, 0, past)?;
        }
        Ok(())
    }

    /// Keys and values of some past positions.
    pub fn past(&mut self, slot: usize, layer: usize, positions: Range<usize>) -> Result<(Tensor, Tensor), Error> {
        let Some((keys, values)) = self.place(slot, layer)? else {
            return Err(Error::Cpu(format!("slot {slot} is empty, but positions {positions:?} were asked for")));
        };
        let part = |t: &Tensor| t.narrow(0, positions.start, positions.len());
        Ok((part(keys)?, part(values)?))
    }

    fn place(&mut self, slot: usize, layer: usize) -> Result<&mut Option<(Tensor, Tensor)>, Error> {
        let (n_slots, n_layers) = (self.slots.len(), self.n_layers);
        self.slots
            .get_mut(slot)
            .and_then(|layers| layers.get_mut(layer))
            .ok_or_else(|| Error::Cpu(format!("slot {slot}, layer {layer} of a cache of {n_slots} x {n_layers}")))
    }
}
