//! The vocabulary of operations that the model text is written in.
//!
//! Fused operations are single words, so that a GPU implementor can make one dispatch of each; the CPU implementor
//! spells them out. All activations are f32 rows `[n_rows, width]`. Words take what they need and return new rows;
//! an implementor may postpone work until [`Ops::read`] or [`Ops::pick`].

use weights::{LayerKind, Role, Weights};

use crate::{Batch, Error, Layer, Model};

/// Queries, keys and values of a batch, normed and rotated, before attention.
pub struct Qkv<R> {
    /// `[n_rows, heads * head_dim]`, already multiplied by the query scale.
    pub q: R,
    /// `[n_rows, kv_heads * head_dim]`.
    pub k: R,
    /// `[n_rows, kv_heads * head_dim]`.
    pub v: R,
}

/// One logit that is wanted: of token `token` at row `row` of the rows given to [`Ops::pick`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Row index.
    pub row: usize,
    /// Token id.
    pub token: u32,
}

/// Over what the softmax runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Softmax {
    /// Over the whole vocabulary: each row's log-sum-exp is computed.
    Whole,
    /// Over tokens the caller names: only the picked rows of the head are touched.
    PickedOnly,
}

/// The answer to [`Ops::pick`].
#[derive(Clone, Debug, Default)]
pub struct Picked {
    /// One logit per pick, in order.
    pub logits: Vec<f32>,
    /// Per row the natural logarithm of the sum of exp(logit) over the vocabulary; empty for [`Softmax::PickedOnly`].
    pub log_sum_exp: Vec<f64>,
    /// Per row the most likely tokens `(id, logit)`, best first, ties by lower id; empty for [`Softmax::PickedOnly`].
    pub top: Vec<Vec<(u32, f32)>>,
}

/// The labels of a batch as paths of edges; an edge is a token below a row.
#[derive(Clone, Debug, Default)]
pub struct LabelPaths {
    /// Per edge its row and token.
    pub edges: Vec<Pick>,
    /// Per edge the edge before it.
    pub parents: Vec<Option<usize>>,
    /// Per edge the list of it and its siblings.
    pub siblings: Vec<usize>,
    /// Edges that follow the same row.
    pub lists: Vec<Vec<usize>>,
    /// Per label its last edge.
    pub leaves: Vec<usize>,
}

/// Where a sequence stands when its decode steps are chained: what the next step computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainRow {
    /// The token whose successor is wanted.
    pub token: u32,
    /// Its position; the cache holds all before it.
    pub position: u32,
    /// The slot of the cache that holds its sequence.
    pub slot: u32,
}

/// An implementor of the vocabulary: the CPU backend, and the GPU recorder.
pub trait Ops: Sized {
    /// Rows of f32 activations.
    type Rows;
    /// A weight matrix `[n_out, n_in]`, whatever its format.
    type Matrix;
    /// Matrices that are always multiplied together.
    type Joined;
    /// Queries, keys and values between their projections and attention.
    type Qkv;
    /// Decode steps that follow one another on a device.
    type Chain;
    /// A norm's multiplier `[width]`.
    type Gain;
    /// Keys and values of past positions, for several sequences (slots).
    type Cache;
    /// A batch made ready: masks, rotations, index buffers.
    type Plan;

    /// Takes a weight matrix from the file.
    fn matrix(&mut self, weights: &std::rc::Rc<Weights>, role: Role) -> Result<Self::Matrix, Error>;
    /// Takes matrices of the same inputs from the file, to be multiplied together.
    fn joined(&mut self, weights: &std::rc::Rc<Weights>, roles: &[Role]) -> Result<Self::Joined, Error>;
    /// Takes a norm's multiplier from the file.
    fn gain(&mut self, weights: &Weights, role: Role) -> Result<Self::Gain, Error>;
    /// An empty cache with `n_slots` slots of at most `capacity` positions.
    fn cache(&mut self, n_slots: usize, capacity: usize) -> Result<Self::Cache, Error>;
    /// Makes a batch ready.
    fn plan(&mut self, batch: &Batch) -> Result<Self::Plan, Error>;

    /// Rows of the embedding times sqrt(hidden): `[n_rows, hidden]`.
    fn embed(&mut self, table: &Self::Matrix, plan: &Self::Plan) -> Result<Self::Rows, Error>;
    /// Attention norm, the three projections, q-norm and k-norm, rotation, query scale.
    fn norm_qkv(&mut self, x: &Self::Rows, layer: &Layer<Self>, plan: &Self::Plan) -> Result<Self::Qkv, Error>;
    /// Attention of each row over its sequence's past and its own ancestors: `[n_rows, heads * head_dim]`.
    /// Keys and values of spans with a slot are added to the cache.
    fn attend(
        &mut self,
        qkv: Self::Qkv,
        index: usize,
        kind: LayerKind,
        cache: &mut Self::Cache,
        plan: &Self::Plan,
    ) -> Result<Self::Rows, Error>;
    /// `x + norm(input · matrixᵀ)`: `[n_rows, hidden]`.
    fn project_norm_add(
        &mut self,
        x: &Self::Rows,
        input: &Self::Rows,
        matrix: &Self::Matrix,
        gain: &Self::Gain,
        plan: &Self::Plan,
    ) -> Result<Self::Rows, Error>;
    /// `gelu_tanh(n · gateᵀ) * (n · upᵀ)` with `n = norm(x)`: `[n_rows, ffn]`.
    fn norm_gate_up_geglu(
        &mut self,
        x: &Self::Rows,
        layer: &Layer<Self>,
        plan: &Self::Plan,
    ) -> Result<Self::Rows, Error>;
    /// The final norm of the wanted rows: `[wanted, hidden]`.
    fn norm_wanted(
        &mut self,
        x: &Self::Rows,
        gain: &Self::Gain,
        wanted: &[u32],
        plan: &Self::Plan,
    ) -> Result<Self::Rows, Error>;
    /// Logits of normed rows over the whole vocabulary: `[n_rows, vocab]`.
    fn head(&mut self, normed: &Self::Rows, table: &Self::Matrix, plan: &Self::Plan) -> Result<Self::Rows, Error>;

    /// Named logits of normed rows, with the softmax denominators if asked; the label-scoring primitive.
    /// `n_top` tokens per row are ranked when the whole vocabulary is computed.
    fn pick(
        &mut self,
        normed: &Self::Rows,
        table: &Self::Matrix,
        picks: &[Pick],
        softmax: Softmax,
        n_top: usize,
        plan: &Self::Plan,
    ) -> impl Future<Output = Result<Picked, Error>>;
    /// The values of rows, row-major.
    fn read(&mut self, rows: &Self::Rows) -> impl Future<Output = Result<Vec<f32>, Error>>;

    /// The natural logarithm of each label's probability: over the edges of its path the logit less the denominator,
    /// over the vocabulary or among siblings. Not a number where a logit is not finite.
    fn label_scores(
        &mut self,
        normed: &Self::Rows,
        table: &Self::Matrix,
        paths: &LabelPaths,
        softmax: Softmax,
        plan: &Self::Plan,
    ) -> impl Future<Output = Result<Vec<f64>, Error>> {
        async move {
            let picked = self.pick(normed, table, &paths.edges, softmax, 0, plan).await?;
            Ok(paths.scores(&picked))
        }
    }

    /// Makes ready to continue `n_rows` sequences, one to a slot of the cache, by their most likely tokens, several
    /// steps at a time. Nothing where the implementor needs the host at every step.
    fn chain(
        &mut self,
        model: &Model<Self>,
        cache: &mut Self::Cache,
        n_rows: usize,
    ) -> impl Future<Output = Result<Option<Self::Chain>, Error>>;

    /// Runs `n_steps` steps, at most [`Ops::MOST_STEPS`]; the tokens of each row. `rows` says where a row stands if it
    /// is not where the last steps left it.
    fn run_chain(
        &mut self,
        chain: &mut Self::Chain,
        rows: &[Option<ChainRow>],
        n_steps: usize,
    ) -> impl Future<Output = Result<Vec<Vec<u32>>, Error>>;

    /// Steps that a chain runs at a time.
    const MOST_STEPS: usize;
}

impl LabelPaths {
    /// Scores from picked logits, in f64.
    pub fn scores(&self, picked: &Picked) -> Vec<f64> {
        let logit = |edge: usize| picked.logits.get(edge).map_or(f64::NAN, |&l| f64::from(l));
        let denominator = |edge: usize| -> f64 {
            let row = self.edges.get(edge).map_or(0, |e| e.row);
            picked.log_sum_exp.get(row).copied().unwrap_or_else(|| {
                let among =
                    self.siblings.get(edge).and_then(|&list| self.lists.get(list)).map_or(&[][..], Vec::as_slice);
                crate::score::log_sum_exp_f64(&among.iter().map(|&e| logit(e)).collect::<Vec<_>>())
            })
        };
        let score = |&leaf: &usize| {
            let (mut sum, mut at) = (0.0, Some(leaf));
            while let Some(edge) = at {
                sum += logit(edge) - denominator(edge);
                at = self.parents.get(edge).copied().flatten();
            }
            sum
        };
        self.leaves.iter().map(score).collect()
    }
}
