// Attention of a decode step from the projections `[n_rows, (heads + 2 * kv_heads) * head_dim]`: query and key are normed
// and rotated as in norm_rope, the new key and value join the cache, and the row sees the cache and itself as in attend.
//
// One workgroup computes one head of one row, in tiles of WORKGROUP keys in the order of their positions. Every one makes
// the new key for itself, so that none waits for the cache; the first head of a key head writes it.

struct Params {
    n_rows: u32,
    heads: u32,
    kv_heads: u32,
    // Columns of a head: a multiple of four, at most 256 and at most four times WORKGROUP.
    head_dim: u32,
    window: u32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
    // Positions of a slot of the cache.
    capacity: u32,
    eps: f32,
    query_scale: f32,
    _pad0: u32,
    _pad1: u32,
    _pad2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// As in attend: position, slot and cached positions are read.
@group(0) @binding(1) var<storage, read> rows: array<u32>;
// Cosine and sine of each position and pair: `[n_positions, head_dim / 2]`.
@group(0) @binding(2) var<storage, read> rotation: array<vec2<f32>>;
@group(0) @binding(3) var<storage, read> qkv: array<f32>;
@group(0) @binding(4) var<storage, read> q_gain: array<f32>;
@group(0) @binding(5) var<storage, read> k_gain: array<f32>;
@group(0) @binding(6) var<storage, read_write> k_cache: array<Kept4>;
@group(0) @binding(7) var<storage, read_write> v_cache: array<Kept4>;
@group(0) @binding(8) var<storage, read_write> y: array<vec4<f32>>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = WORKGROUP;

// Below every score; WGSL has no infinity to write.
const LOWEST: f32 = -3.4e38;

// The turned query, then the turned key.
var<workgroup> turned: array<f32, 512>;
var<workgroup> query: array<vec4<f32>, 64>;
var<workgroup> key: array<vec4<f32>, 64>;
var<workgroup> weights: array<f32, WORKGROUP>;

fn gain(is_query: bool, i: u32) -> f32 {
    if is_query {
        return q_gain[i];
    }
    return k_gain[i];
}

// Norms and rotates the head that begins at `first` of the projections into `turned` from `to` on.
fn turn(first: u32, to: u32, is_query: bool, position: u32, local: u32) {
    let half = params.head_dim / 2u;
    var squares = 0.0;
    for (var c = local; c < params.head_dim; c += WORKGROUP) {
        squares += qkv[first + c] * qkv[first + c];
    }
    let factor = inverseSqrt(row_sum(squares, local) / f32(params.head_dim) + params.eps);
    for (var i = local; i < half; i += WORKGROUP) {
        let angle = rotation[position * half + i];
        let a = qkv[first + i] * factor * gain(is_query, i);
        let b = qkv[first + half + i] * factor * gain(is_query, half + i);
        turned[to + i] = a * angle.x - b * angle.y;
        turned[to + half + i] = b * angle.x + a * angle.y;
    }
}

fn quarter(at: u32) -> vec4<f32> {
    return vec4<f32>(turned[at], turned[at + 1u], turned[at + 2u], turned[at + 3u]);
}

@compute @workgroup_size(WORKGROUP)
fn attend_step(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let head = group.x;
    let row = group.y;
    let width = params.head_dim / 4u;
    let per_kv = params.heads / params.kv_heads;
    let kv_head = head / per_kv;
    let entry = row * params.stride;
    let position = rows[entry + 1u];
    let slot = rows[entry + 2u] * params.capacity;
    let past = rows[entry + 3u];
    // The first position in sight.
    let seen_from = min(select(0u, position + 1u - params.window, position >= params.window), past);
    let n_cached = past - seen_from;

    let all = (params.heads + 2u * params.kv_heads) * params.head_dim;
    let v_at = row * all + (params.heads + params.kv_heads + kv_head) * params.head_dim + local * 4u;
    turn(row * all + head * params.head_dim, 0u, true, position, local);
    turn(row * all + (params.heads + kv_head) * params.head_dim, 256u, false, position, local);
    workgroupBarrier();
    var own_value = vec4<f32>(0.0);
    if local < width {
        query[local] = quarter(local * 4u) * params.query_scale;
        let kept_key = Kept4(quarter(256u + local * 4u));
        let kept_value = Kept4(vec4<f32>(qkv[v_at], qkv[v_at + 1u], qkv[v_at + 2u], qkv[v_at + 3u]));
        key[local] = vec4<f32>(kept_key);
        own_value = vec4<f32>(kept_value);
        if head % per_kv == 0u {
            let to = ((slot + past) * params.kv_heads + kv_head) * width + local;
            k_cache[to] = kept_key;
            v_cache[to] = kept_value;
        }
    }
    workgroupBarrier();

    var largest = LOWEST;
    var total = 0.0;
    var mixed = vec4<f32>(0.0);
    for (var tile = 0u; tile <= n_cached; tile += WORKGROUP) {
        let n = min(WORKGROUP, n_cached + 1u - tile);
        var mine = LOWEST;
        if local < n {
            mine = 0.0;
            if tile + local < n_cached {
                let at = ((slot + seen_from + tile + local) * params.kv_heads + kv_head) * width;
                for (var c = 0u; c < width; c++) {
                    mine += dot(query[c], vec4<f32>(k_cache[at + c]));
                }
            } else {
                for (var c = 0u; c < width; c++) {
                    mine += dot(query[c], key[c]);
                }
            }
        }
        weights[local] = mine;
        workgroupBarrier();
        var larger = largest;
        for (var j = 0u; j < n; j++) {
            larger = max(larger, weights[j]);
        }
        workgroupBarrier();
        weights[local] = exp(mine - larger);
        workgroupBarrier();
        let shrink = exp(largest - larger);
        total *= shrink;
        mixed *= shrink;
        for (var j = 0u; j < n; j++) {
            total += weights[j];
            if local < width {
                if tile + j < n_cached {
                    let at = ((slot + seen_from + tile + j) * params.kv_heads + kv_head) * width + local;
                    mixed += weights[j] * vec4<f32>(v_cache[at]);
                } else {
                    mixed += weights[j] * own_value;
                }
            }
        }
        largest = larger;
        workgroupBarrier();
    }
    if local < width {
        y[(row * params.heads + head) * width + local] = mixed / total;
    }
}
