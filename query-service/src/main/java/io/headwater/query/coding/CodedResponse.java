package io.headwater.query.coding;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// An answer that is compressed if it is worth it, which is settled at its first byte: when all of
/// its headers are known.
///
/// What has a strong entity tag is left alone: the tag names these very bytes. So is Parquet, whose
/// pages are compressed already.
final class CodedResponse extends HttpServletResponseWrapper {
    /// Fewer bytes than these fit one packet as they are.
    private static final long LEAST = 1_024;

    private static final Set<String> COMPRESSIBLE =
            Set.of(
                    "application/json",
                    "application/problem+json",
                    "application/schema+json",
                    "application/link-format",
                    "application/x-ndjson",
                    "text/csv",
                    "text/plain");

    private final @Nullable Coding coding;
    private @Nullable CodedStream stream;
    private @Nullable PrintWriter writer;
    private long length = -1;

    /// @param coding that the client takes; null for none
    CodedResponse(HttpServletResponse response, @Nullable Coding coding) {
        super(response);
        this.coding = coding;
    }

    /// Settles how the answer is sent.
    ///
    /// @return null for as it is
    @Nullable Coding settle() {
        boolean isCompressible = isCompressible();
        if (isCompressible && !isCommitted()) {
            super.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        if (coding == null || !isCompressible || isCommitted()) {
            if (length >= 0) {
                super.setContentLengthLong(length);
            }
            return null;
        }
        super.setHeader(HttpHeaders.CONTENT_ENCODING, coding.token());
        return coding;
    }

    private boolean isCompressible() {
        String type = getContentType();
        String etag = getHeader(HttpHeaders.ETAG);
        return type != null
                && COMPRESSIBLE.contains(type.split(";", 2)[0].strip())
                && getHeader(HttpHeaders.CONTENT_ENCODING) == null
                && (etag == null || etag.startsWith("W/"))
                && (length < 0 || length >= LEAST);
    }

    /// The answer is whole.
    void finish() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        if (stream != null) {
            stream.finish();
        } else if (!isCommitted()) {
            withoutBody();
        }
    }

    private void withoutBody() {
        if (getStatus() == SC_NOT_MODIFIED) {
            super.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        } else if (length >= 0) {
            super.setContentLengthLong(length);
        }
    }

    /// Gives back what the compressor holds, whether the answer is whole or not.
    void release() {
        if (stream != null) {
            stream.release();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        CodedStream there = stream;
        if (there == null) {
            there = new CodedStream(this, super.getOutputStream());
            stream = there;
        }
        return there;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter there = writer;
        if (there == null) {
            there =
                    new PrintWriter(
                            new OutputStreamWriter(getOutputStream(), StandardCharsets.UTF_8));
            writer = there;
        }
        return there;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (writer != null) {
            writer.flush();
        }
        getOutputStream().flush();
        super.flushBuffer();
    }

    @Override
    public void reset() {
        super.reset();
        length = -1;
    }

    @Override
    public void setContentLength(int bytes) {
        length = bytes;
    }

    @Override
    public void setContentLengthLong(long bytes) {
        length = bytes;
    }

    @Override
    public void setHeader(String name, String value) {
        if (name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
            length = Long.parseLong(value);
        } else {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) {
            length = Long.parseLong(value);
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        setHeader(name, Integer.toString(value));
    }
}
