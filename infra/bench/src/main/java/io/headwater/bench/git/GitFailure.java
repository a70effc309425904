package io.headwater.bench.git;

import java.io.IOException;

/// Git did not do what was asked of it. The message says what it said.
public final class GitFailure extends IOException {
    GitFailure(String message) {
        super(message);
    }
}
