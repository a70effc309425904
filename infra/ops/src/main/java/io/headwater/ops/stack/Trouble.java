package io.headwater.ops.stack;

/// Why a command cannot go on, in words for whoever gave it: what is wrong and what to do.
public final class Trouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Trouble(String words) {
        super(words);
    }

    public Trouble(String words, Throwable cause) {
        super(words, cause);
    }
}
