"""llama.cpp through llama-cpp-python, driven as the other peers are: one line in for each repetition, one line of JSON out.

    python drive_llama.py MODEL THREADS

`pp 512` computes a prompt of 512 tokens, `tg 128` writes 128 tokens one after the other by the most likely token.
"""

import json
import sys
import time
from importlib.metadata import version

import llama_cpp as ll


def main():
    path, threads = sys.argv[1], int(sys.argv[2])
    quiet = ll.llama_log_callback(lambda *_: None)
    ll.llama_log_set(quiet, None)
    ll.llama_backend_init()
    started = time.perf_counter_ns()
    params = ll.llama_model_default_params()
    params.n_gpu_layers = 0
    model = ll.llama_model_load_from_file(path.encode(), params)
    if not model:
        sys.exit(f"llama.cpp cannot load {path}")
    options = ll.llama_context_default_params()
    options.n_ctx = 2048
    options.n_batch = 2048
    options.n_ubatch = 512
    options.n_threads = threads
    options.n_threads_batch = threads
    options.no_perf = False
    context = ll.llama_init_from_model(model, options)
    memory = ll.llama_get_memory(context)
    vocab = ll.llama_model_get_vocab(model)
    n_vocab = ll.llama_vocab_n_tokens(vocab)
    greedy = ll.llama_sampler_init_greedy()
    who = {"name": "llama.cpp", "version": f"llama-cpp-python {version('llama-cpp-python')}", "device": "cpu", "threads": threads,
           "load_ms": (time.perf_counter_ns() - started) // 1_000_000}
    print(json.dumps(who), flush=True)

    def decode(ids):
        batch = ll.llama_batch_get_one((ll.llama_token * len(ids))(*ids), len(ids))
        if ll.llama_decode(context, batch) != 0:
            sys.exit("llama_decode failed")

    rounds = 0
    for line in sys.stdin:
        what, n = line.split()
        n = int(n)
        rounds += 1
        ids = [2] + [((rounds * 7919 + i) * 2654435761) % n_vocab for i in range(1, n)]
        ll.llama_memory_clear(memory, True)
        ll.llama_perf_context_reset(context)
        begun = time.perf_counter_ns()
        if what == "pp":
            decode(ids)
            ll.llama_get_logits_ith(context, -1)[0]
        else:
            token = 2
            for _ in range(n):
                decode([token])
                token = ll.llama_sampler_sample(greedy, context, -1)
        ns = time.perf_counter_ns() - begun
        perf = ll.llama_perf_context(context)
        spent, count, name = (perf.t_p_eval_ms, perf.n_p_eval, "prompt eval time") if what == "pp" else (perf.t_eval_ms, perf.n_eval, "eval time")
        printed = f"{name} = {spent:.2f} ms / {count} tokens ({1000 * count / spent:.2f} tokens per second)" if spent else "none"
        print(json.dumps({"ns": ns, "printed": printed}), flush=True)


if __name__ == "__main__":
    main()
