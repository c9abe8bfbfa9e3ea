// y[r, c] = gelu(gate[r, c]) * up[r, c], gelu in its tanh form (Hendrycks and Gimpel, arXiv 1606.08415):
// 0.5 g (1 + tanh(sqrt(2 / pi) (g + 0.044715 g^3))). Gate and up lie side by side, `[n_rows, 2 * cols]`.
//
// One invocation computes one value.

struct Params {
    n_rows: u32,
    cols: u32,
    _pad0: u32,
    _pad1: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gate_up: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

override WORKGROUP: u32 = 64u;

@compute @workgroup_size(WORKGROUP)
fn geglu(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y;
    if id.x >= params.cols || row >= params.n_rows {
        return;
    }
    let at = row * 2u * params.cols + id.x;
    let g = gate_up[at];
    // tanh is 1 to the last bit from 9 on; some devices compute it through exp, which overflows from 44 on.
    let inner = clamp(0.7978845608028654 * (g + 0.044715 * g * g * g), -15.0, 15.0);
    y[row * params.cols + id.x] = 0.5 * g * (1.0 + tanh(inner)) * gate_up[at + params.cols];
}
