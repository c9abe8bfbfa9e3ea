// Keys and values are kept in f16; everything computed from them is f32.

alias Kept = f16;
alias Kept4 = vec4<f16>;
