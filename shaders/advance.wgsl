// One step of greedy decoding is over: of each row the best of its pairs (norm_best) becomes the next token, which the
// next step embeds, one position further. Tokens are noted in `history`: for each row how many, then `steps` places each.
//
// One invocation does one row.

struct Params {
    n_rows: u32,
    n_pairs: u32,
    // Words from one row's entry in `rows` to the next.
    stride: u32,
    // Places of a row in the history.
    steps: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> pairs: array<vec2<u32>>;
@group(0) @binding(2) var<storage, read_write> rows: array<u32>;
@group(0) @binding(3) var<storage, read_write> history: array<u32>;

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn advance(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= params.n_rows {
        return;
    }
    var best = 0xffffffffu;
    var value = -3.4e38;
    for (var i = 0u; i < params.n_pairs; i++) {
        let pair = pairs[row * params.n_pairs + i];
        let other = bitcast<f32>(pair.y);
        if other > value || (other == value && pair.x < best) {
            best = pair.x;
            value = other;
        }
    }
    let done = history[row];
    if done < params.steps {
        history[params.n_rows + row * params.steps + done] = best;
    }
    history[row] = done + 1u;
    let at = row * params.stride;
    rows[at] = best;
    rows[at + 1u] += 1u;
    rows[at + 3u] += 1u;
}
