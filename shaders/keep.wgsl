// Copies keys and values of a batch into the cache: a row that is kept goes to its position in its slot.
//
// One invocation copies four columns of a row.

struct Params {
    n_rows: u32,
    // Columns of a row of keys, divided by four.
    width: u32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
    // Positions of a slot of the cache.
    capacity: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> k: array<Kept4>;
@group(0) @binding(3) var<storage, read> v: array<Kept4>;
@group(0) @binding(4) var<storage, read_write> k_cache: array<Kept4>;
@group(0) @binding(5) var<storage, read_write> v_cache: array<Kept4>;

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn keep(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y;
    if id.x >= params.width || row >= params.n_rows {
        return;
    }
    let at = row * params.stride;
    if rows[at + 8u] == 0u {
        return;
    }
    let to = rows[at + 2u] * params.capacity + rows[at + 1u];
    k_cache[to * params.width + id.x] = k[row * params.width + id.x];
    v_cache[to * params.width + id.x] = v[row * params.width + id.x];
}
