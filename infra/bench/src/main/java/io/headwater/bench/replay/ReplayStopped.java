package io.headwater.bench.replay;

import java.io.IOException;

/// The replay cannot go on. The message says where it stands and what to do.
final class ReplayStopped extends IOException {
    ReplayStopped(String message) {
        super(message);
    }
}
