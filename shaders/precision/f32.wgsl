// Keys and values are kept in f32.

alias Kept = f32;
alias Kept4 = vec4<f32>;
