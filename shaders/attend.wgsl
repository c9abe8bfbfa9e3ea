// y[r, h] = sum_j softmax_j(q[r, h] . k[j]) v[j] over the keys j that row r sees: cached positions of its sequence, the
// chain of rows before it in the batch, and its ancestors in a tree of rows. On a local layer only keys fewer than
// `window` positions back are seen. The softmax is computed online (Milakov and Gimelshein, arXiv 1805.02867).
//
// One workgroup computes one head of one row, in tiles of WORKGROUP keys in the order of their positions. So a row has
// the same bits whether a key comes from the cache or from the batch.

struct Params {
    n_rows: u32,
    heads: u32,
    kv_heads: u32,
    // Columns of a head, divided by four; at most WORKGROUP.
    width: u32,
    window: u32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
    // Positions of a slot of the cache.
    capacity: u32,
    _pad: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Per row: token, position, slot of the cache, cached positions, first row of the chain, its length (the row itself
// included unless it is in the list), index of the list in this array, its length, 1 if it is to be kept.
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> q: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> k: array<Kept4>;
@group(0) @binding(4) var<storage, read> v: array<Kept4>;
@group(0) @binding(5) var<storage, read> k_cache: array<Kept4>;
@group(0) @binding(6) var<storage, read> v_cache: array<Kept4>;
@group(0) @binding(7) var<storage, read_write> y: array<vec4<f32>>;

override WORKGROUP: u32 = 64u;

// Below every score; WGSL has no infinity to write.
const LOWEST: f32 = -3.4e38;

var<workgroup> shares: array<f32, WORKGROUP>;

// The keys that a row sees, in order.
struct Sight {
    cache: u32,
    n_cached: u32,
    chain: u32,
    n_chain: u32,
    list: u32,
    n: u32,
}

fn sight(row: u32) -> Sight {
    let at = row * params.stride;
    let position = rows[at + 1u];
    let past = rows[at + 3u];
    // The first position in sight.
    let first = select(0u, position + 1u - params.window, position >= params.window);
    let cached_from = min(first, past);
    let chain_from = min(max(first, past) - past, rows[at + 5u]);
    let n_cached = past - cached_from;
    let n_chain = rows[at + 5u] - chain_from;
    // Ancestors in a tree follow one another in position: those out of sight are the first of the list.
    let n_list = rows[at + 7u];
    let list_from = min(max(first, past + rows[at + 5u]) - (past + rows[at + 5u]), n_list);
    return Sight(
        rows[at + 2u] * params.capacity + cached_from,
        n_cached,
        rows[at + 4u] + chain_from,
        n_chain,
        rows[at + 6u] + list_from,
        n_cached + n_chain + n_list - list_from,
    );
}

// The row of the batch that holds key j, which is no cached one.
fn own_row(s: Sight, j: u32) -> u32 {
    let own = j - s.n_cached;
    if own < s.n_chain {
        return s.chain + own;
    }
    return rows[s.list + own - s.n_chain];
}

fn score(s: Sight, j: u32, q_at: u32, kv_head: u32) -> f32 {
    var sum = 0.0;
    if j < s.n_cached {
        let at = ((s.cache + j) * params.kv_heads + kv_head) * params.width;
        for (var c = 0u; c < params.width; c++) {
            sum += dot(q[q_at + c], vec4<f32>(k_cache[at + c]));
        }
    } else {
        let at = (own_row(s, j) * params.kv_heads + kv_head) * params.width;
        for (var c = 0u; c < params.width; c++) {
            sum += dot(q[q_at + c], vec4<f32>(k[at + c]));
        }
    }
    return sum;
}

fn value(s: Sight, j: u32, kv_head: u32, c: u32) -> vec4<f32> {
    if j < s.n_cached {
        return vec4<f32>(v_cache[((s.cache + j) * params.kv_heads + kv_head) * params.width + c]);
    }
    return vec4<f32>(v[(own_row(s, j) * params.kv_heads + kv_head) * params.width + c]);
}

@compute @workgroup_size(WORKGROUP)
fn attend(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let head = group.x;
    let row = group.y;
    let kv_head = head / (params.heads / params.kv_heads);
    let q_at = (row * params.heads + head) * params.width;
    let s = sight(row);

    var largest = LOWEST;
    var total = 0.0;
    var mixed = vec4<f32>(0.0);
    for (var tile = 0u; tile < s.n; tile += WORKGROUP) {
        let n = min(WORKGROUP, s.n - tile);
        var mine = LOWEST;
        if local < n {
            mine = score(s, tile + local, q_at, kv_head);
        }
        shares[local] = mine;
        workgroupBarrier();
        var larger = largest;
        for (var j = 0u; j < n; j++) {
            larger = max(larger, shares[j]);
        }
        workgroupBarrier();
        shares[local] = exp(mine - larger);
        workgroupBarrier();
        let shrink = exp(largest - larger);
        total *= shrink;
        mixed *= shrink;
        for (var j = 0u; j < n; j++) {
            total += shares[j];
            if local < params.width {
                mixed += shares[j] * value(s, tile + j, kv_head, local);
            }
        }
        largest = larger;
        workgroupBarrier();
    }
    if local < params.width {
        y[q_at + local] = mixed / total;
    }
}
