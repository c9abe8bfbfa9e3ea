// Queries, keys and values of a layer from its projections `[n_rows, (heads + 2 * kv_heads) * head_dim]`:
// each query and key head is normed (as rms_norm, over its own columns) and rotated, queries are scaled, keys and values
// are rounded to what the cache keeps. Rotation pairs column i with i + head_dim / 2
// (Su et al., "RoFormer", arXiv 2104.09864).
//
// One workgroup of LANES invocations computes one head of one row.

struct Params {
    n_rows: u32,
    heads: u32,
    kv_heads: u32,
    head_dim: u32,
    eps: f32,
    query_scale: f32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
    _pad0: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// As in attend: positions are read.
@group(0) @binding(1) var<storage, read> rows: array<u32>;
// Cosine and sine of each position and pair: `[n_positions, head_dim / 2]`.
@group(0) @binding(2) var<storage, read> rotation: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read> qkv: array<f32>;
@group(0) @binding(4) var<storage, read> q_gain: array<f32>;
@group(0) @binding(5) var<storage, read> k_gain: array<f32>;
@group(0) @binding(6) var<storage, read_write> q: array<f32>;
@group(0) @binding(7) var<storage, read_write> k: array<Kept>;
@group(0) @binding(8) var<storage, read_write> v: array<Kept>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = WORKGROUP;

fn gain(is_query: bool, i: u32) -> f32 {
    if is_query {
        return q_gain[i];
    }
    return k_gain[i];
}

@compute @workgroup_size(WORKGROUP)
fn norm_rope(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let dim = params.head_dim;
    let half = dim / 2u;
    let row = group.y;
    let head = group.x;
    let start = (row * (params.heads + 2u * params.kv_heads) + head) * dim;
    var squares = 0.0;
    for (var c = local; c < dim; c += LANES) {
        squares += qkv[start + c] * qkv[start + c];
    }
    let factor = inverseSqrt(reduce_add(squares, local) / f32(dim) + params.eps);

    let is_query = head < params.heads;
    let is_value = head >= params.heads + params.kv_heads;
    if is_value {
        let to = (row * params.kv_heads + head - params.heads - params.kv_heads) * dim;
        for (var c = local; c < dim; c += LANES) {
            v[to + c] = Kept(qkv[start + c]);
        }
        return;
    }
    let position = rows[row * params.stride + 1u];
    for (var i = local; i < half; i += LANES) {
        let turn = rotation[position * half + i];
        let a = qkv[start + i] * factor * gain(is_query, i);
        let b = qkv[start + half + i] * factor * gain(is_query, half + i);
        let turned = vec2<f32>(a * turn.x - b * turn.y, b * turn.x + a * turn.y);
        if is_query {
            let to = (row * params.heads + head) * dim + i;
            q[to] = turned.x * params.query_scale;
            q[to + half] = turned.y * params.query_scale;
        } else {
            let to = (row * params.kv_heads + head - params.heads) * dim + i;
            k[to] = Kept(turned.x);
            k[to + half] = Kept(turned.y);
        }
    }
}
