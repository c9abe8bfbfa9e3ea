// y[p] = sum_c x[row(p), c] * weight[token(p), c]: the logits of named tokens only.
//
// LANES invocations share a pick. Of a table in shards each dispatch writes the picks whose token lies in its shard.

struct Params {
    n_picks: u32,
    // Groups of eight columns.
    groups: u32,
    // The shard holds rows `first..first + shard_rows` of the table.
    first: u32,
    shard_rows: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Row and token of each pick.
@group(0) @binding(1) var<storage, read> picks: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read> quants: array<u32>;
@group(0) @binding(3) var<storage, read> scales: array<u32>;
@group(0) @binding(4) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> y: array<f32>;

override WORKGROUP: u32 = 64u;
override LANES: u32 = 8u;

@compute @workgroup_size(WORKGROUP)
fn label_logits(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) local: u32) {
    let index = group.x * (WORKGROUP / LANES) + local / LANES;
    let lane = local % LANES;
    let pick = picks[min(index, params.n_picks - 1u)];
    let inside = pick.y >= params.first && pick.y - params.first < params.shard_rows;
    let w_at = select(0u, pick.y - params.first, inside) * params.groups;
    let x_at = pick.x * params.groups;
    var sum = 0.0;
    for (var g = lane; g < params.groups; g += LANES) {
        let w = weight_8(w_at + g);
        sum += dot(x[(x_at + g) * 2u], w.lo) + dot(x[(x_at + g) * 2u + 1u], w.hi);
    }
    let total = reduce_add(sum, local);
    if lane == 0u && inside && index < params.n_picks {
        y[index] = total;
    }
}
