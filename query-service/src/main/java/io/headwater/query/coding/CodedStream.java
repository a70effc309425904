package io.headwater.query.coding;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// The body of an answer, through a compressor or past it. For one thread.
final class CodedStream extends ServletOutputStream {
    private final CodedResponse response;
    private final ServletOutputStream plain;
    private final Outlet outlet;
    private @Nullable OutputStream body;
    private @Nullable OutputStream compressor;

    CodedStream(CodedResponse response, ServletOutputStream plain) {
        this.response = response;
        this.plain = plain;
        this.outlet = new Outlet(plain);
    }

    private OutputStream body() throws IOException {
        OutputStream there = body;
        if (there == null) {
            Coding coding = response.settle();
            compressor = coding == null ? null : coding.over(outlet);
            there = compressor == null ? plain : compressor;
            body = there;
        }
        return there;
    }

    @Override
    public void write(int one) throws IOException {
        body().write(one);
    }

    @Override
    public void write(byte[] many, int offset, int length) throws IOException {
        body().write(many, offset, length);
    }

    @Override
    public void flush() throws IOException {
        body().flush();
    }

    /// The body has ended: a later close of the stream by whoever wrote it comes too late to say
    /// so.
    @Override
    public void close() {}

    void finish() throws IOException {
        OutputStream open = compressor;
        if (open != null) {
            open.close();
            compressor = null;
            body = plain;
        }
    }

    /// Ends the compressor without a word to the client, if it has not ended.
    void release() {
        OutputStream open = compressor;
        if (open != null) {
            outlet.shut = true;
            compressor = null;
            body = plain;
            try {
                open.close();
            } catch (IOException e) {
                // It is closed.
            }
        }
    }

    @Override
    public boolean isReady() {
        return plain.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
        plain.setWriteListener(listener);
    }

    /// Where the compressor writes to. Shut, it swallows what an end without success would send.
    private static final class Outlet extends FilterOutputStream {
        private boolean shut;

        Outlet(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            if (!shut) {
                out.write(one);
            }
        }

        @Override
        public void write(byte[] many, int offset, int length) throws IOException {
            if (!shut) {
                out.write(many, offset, length);
            }
        }

        @Override
        public void flush() throws IOException {
            if (!shut) {
                out.flush();
            }
        }

        /// The container closes the answer.
        @Override
        public void close() {}
    }
}
