//! Decode steps that follow one another on the device: the best token of a step is what the next one embeds. A step is
//! recorded once and run many times; the host writes where a sequence begins and reads tokens, several steps later.

use kernels::{AdvanceParams, FAULT, ROW_WORDS, RowSight};

use super::device::Program;
use super::shape::Of;
use super::{Cache, Gpu, GpuError, WORKGROUP};
use crate::{Batch, ChainRow, Error, Model, Phase, Slot, forward};

/// Steps of a submission at most.
pub const MOST_STEPS: usize = 32;

/// A recorded step.
pub struct Chain {
    program: Program,
    rows: wgpu::Buffer,
    /// For each row how many tokens, then [`MOST_STEPS`] places each.
    history: wgpu::Buffer,
    n_rows: usize,
}

impl Gpu {
    /// Records a step of `n_rows` sequences; nothing if the kernels of a step cannot compute the model.
    pub(super) async fn record_chain(
        &mut self,
        model: &Model<Self>,
        cache: &mut Cache,
        n_rows: usize,
    ) -> Result<Option<Chain>, Error> {
        let mut batch = Batch::new(Phase::Decode);
        for slot in 0..n_rows {
            let rows = batch.push_chain(&[0], 0, Slot::Extends(slot));
            batch.wanted.push(rows.start as u32);
        }
        let plan = crate::Ops::plan(self, &batch)?;
        let Some(few) = self.few_normed(&plan, self.config.hidden as u32, Of::Head) else { return Ok(None) };
        let n_words = n_rows * (1 + MOST_STEPS);
        let history = self.device.storage("history", n_words as u64 * 4)?;
        self.device.begin_program();
        let recorded = async {
            let normed = forward(self, model, &batch, &plan, cache, None).await?;
            let Some(gain) = normed.norm.borrow().clone() else { return Ok::<_, Error>(false) };
            let (pairs, n_pairs) = self.norm_best(&normed, &gain, model.head(), few)?;
            let params = AdvanceParams { n_rows: n_rows as u32, n_pairs, steps: MOST_STEPS as u32 };
            let pairs = self.made(&pairs)?;
            let buffers = [&**pairs, plan.rows(), &history];
            let numbers = [("WORKGROUP", WORKGROUP)];
            self.run("advance", None, &numbers, &params.words(), &buffers, params.grid(WORKGROUP))?;
            Ok(true)
        };
        let recorded = recorded.await;
        let program = self.device.end_program(n_words);
        self.device.check()?;
        let (true, Some(program)) = (recorded?, program) else { return Ok(None) };
        Ok(Some(Chain { program, rows: plan.rows().clone(), history, n_rows }))
    }

    /// Runs `n_steps` steps: the tokens of each row.
    pub(super) async fn run_steps(
        &self,
        chain: &Chain,
        rows: &[Option<ChainRow>],
        n_steps: usize,
    ) -> Result<Vec<Vec<u32>>, Error> {
        let n_steps = n_steps.min(MOST_STEPS);
        let entry = |row: &ChainRow| RowSight::step_words(row.token, row.position, row.slot);
        let rows = rows.get(..chain.n_rows).unwrap_or(rows);
        match rows.iter().map(Option::as_ref).collect::<Option<Vec<_>>>() {
            Some(all) => self.device.write(&chain.rows, 0, &all.into_iter().flat_map(entry).collect::<Vec<_>>()),
            None => {
                for (index, row) in rows.iter().enumerate() {
                    let at = (index * ROW_WORDS as usize * 4) as u64;
                    if let Some(row) = row {
                        self.device.write(&chain.rows, at, &entry(row));
                    }
                }
            }
        }
        self.device.write(&chain.history, 0, &vec![0; chain.n_rows]);
        let n_words = chain.n_rows * (1 + MOST_STEPS);
        let words = self.device.run_program(&chain.program, n_steps, &chain.history, n_words).await?;
        let (counts, tokens) = words.split_at(chain.n_rows.min(words.len()));
        if counts.iter().any(|&n| n as usize != n_steps) {
            return Err(GpuError::Invalid { why: format!("{n_steps} steps were run and {counts:?} came back") }.into());
        }
        if let Some(row) = tokens.chunks(MOST_STEPS).position(|row| row[..n_steps].iter().any(|&t| t >= FAULT)) {
            return Err(Error::NumericFault { value: f32::NAN, place: format!("a decode step of row {row}") });
        }
        Ok(tokens.chunks(MOST_STEPS).map(|row| row[..n_steps].to_vec()).collect())
    }
}
