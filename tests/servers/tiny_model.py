"""Writes a llama model of random numbers (some hundred kilobytes): a real server then speaks real nonsense.

usage: tiny_model.py OUT.gguf    needs the packages gguf and numpy
"""

import sys

import gguf
import numpy as np

WIDTH, LAYERS, HEADS, HIDDEN, CONTEXT = 32, 1, 2, 64, 2048
WORDS = "the moon landed in july on and was of to a it is not yes no 1969 1968 20 21 Größe 日本 Привет ✓ . , ? !".split()


def vocabulary():
    kinds = gguf.TokenType
    rows = [("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL)]
    rows += [(f"<0x{byte:02X}>", kinds.BYTE) for byte in range(256)]
    letters = [chr(code) for code in range(33, 127)] + ["\u2581"]
    for word in dict.fromkeys(["\u2581" + word for word in WORDS] + WORDS + letters):
        rows.append((word, kinds.NORMAL))
    return rows


def main(path):
    random = np.random.default_rng(1969)
    rows = vocabulary()
    n_plain = 3 + 256

    def weights(*shape, spread=0.4):
        return (random.standard_normal(shape) * spread).astype(np.float32)

    out = gguf.GGUFWriter(path, "llama")
    out.add_name("random")
    out.add_context_length(CONTEXT)
    out.add_embedding_length(WIDTH)
    out.add_block_count(LAYERS)
    out.add_feed_forward_length(HIDDEN)
    out.add_head_count(HEADS)
    out.add_head_count_kv(HEADS)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_rope_dimension_count(WIDTH // HEADS)
    out.add_vocab_size(len(rows))
    out.add_file_type(0)
    out.add_tokenizer_model("llama")
    out.add_token_list([word for word, _ in rows])
    out.add_token_types([kind for _, kind in rows])
    # Whole words are preferred to letters, letters to bytes.
    out.add_token_scores([0.0] * 3 + [-1e3] * 256 + [-float(rank) for rank in range(len(rows) - n_plain)])
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    out.add_unk_token_id(0)
    out.add_add_bos_token(True)
    out.add_chat_template("{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:")

    head = weights(len(rows), WIDTH, spread=0.6)
    # Bytes and control tokens are hardly ever said, so that what is said is text.
    head[:n_plain] *= 0.01
    out.add_tensor("token_embd.weight", weights(len(rows), WIDTH))
    out.add_tensor("output.weight", head)
    out.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            out.add_tensor(f"blk.{layer}.{name}.weight", weights(WIDTH, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_gate.weight", weights(HIDDEN, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_up.weight", weights(HIDDEN, WIDTH))
        out.add_tensor(f"blk.{layer}.ffn_down.weight", weights(WIDTH, HIDDEN))
        out.add_tensor(f"blk.{layer}.attn_norm.weight", np.ones(WIDTH, np.float32))
        out.add_tensor(f"blk.{layer}.ffn_norm.weight", np.ones(WIDTH, np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


if __name__ == "__main__":
    main(sys.argv[1])
