package io.headwater.query.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Counts what goes through.
final class Counted extends FilterOutputStream {
    private long bytes;

    Counted(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int one) throws IOException {
        out.write(one);
        bytes++;
    }

    @Override
    public void write(byte[] many, int offset, int length) throws IOException {
        out.write(many, offset, length);
        bytes += length;
    }

    long bytes() {
        return bytes;
    }
}
