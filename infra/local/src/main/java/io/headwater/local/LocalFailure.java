package io.headwater.local;

import org.jspecify.annotations.Nullable;

/// Something on this machine keeps a part from starting or stopping. The message is one sentence
/// for the person at the terminal: what is wrong, where, and what to do about it.
public final class LocalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalFailure(String message) {
        super(message);
    }

    LocalFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
