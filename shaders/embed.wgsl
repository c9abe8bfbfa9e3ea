// y[r, c] = scale * weight[token(r), c]: rows of the embedding, `[n_rows, cols]`.
//
// One invocation writes eight columns of a row. Of a table in shards each dispatch writes the rows whose token lies in
// its shard.

struct Params {
    n_rows: u32,
    // Groups of eight columns.
    groups: u32,
    // The shard holds rows `first..first + shard_rows` of the table.
    first: u32,
    shard_rows: u32,
    scale: f32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> quants: array<u32>;
@group(0) @binding(3) var<storage, read> scales: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<vec4<f32>>;

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn embed(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y;
    if id.x >= params.groups || row >= params.n_rows {
        return;
    }
    let token = rows[row * params.stride];
    if token < params.first || token - params.first >= params.shard_rows {
        return;
    }
    let w = weight_8((token - params.first) * params.groups + id.x);
    let at = (row * params.groups + id.x) * 2u;
    y[at] = params.scale * w.lo;
    y[at + 1u] = params.scale * w.hi;
}
