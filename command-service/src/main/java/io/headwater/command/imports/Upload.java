package io.headwater.command.imports;

import io.headwater.command.http.Submissions;
import io.headwater.command.imports.ImportParameters.Format;
import io.headwater.command.ledger.Submission;
import io.headwater.command.rows.Layout;
import io.headwater.contract.ModelName;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/// A file that a client sends, not read yet.
///
/// @param given query parameters, without `dryRun`
/// @param parameters the same, understood
/// @param length of the body, decompressed; -1 if it is not known
record Upload(
        ModelName model,
        Map<String, String> given,
        ImportParameters parameters,
        boolean dryRun,
        long length,
        Submission submission,
        Body body) {

    /// The bytes of the file.
    @FunctionalInterface
    interface Body {
        /// @throws BrokenGzip also while the stream is read
        InputStream open() throws IOException;
    }

    /// The body is said to be gzip and is not.
    static final class BrokenGzip extends IOException {
        BrokenGzip(IOException cause) {
            super(cause);
        }
    }

    /// @throws io.headwater.command.http.ProblemException if anything about the request is not
    ///   valid
    static Upload of(String model, HttpServletRequest request) {
        if (!ModelName.isValid(model)) {
            throw ImportProblems.invalidModel(model);
        }
        Format format = format(request.getContentType());
        boolean gzip = gzip(request.getHeader("Content-Encoding"));
        var misfits = new ArrayList<Layout.Misfit>();
        Map<String, String> given = parameters(request, misfits);
        String dryRun = given.getOrDefault("dryRun", "false");
        if (!List.of("true", "false").contains(dryRun)) {
            misfits.add(new Layout.Misfit("dryRun", "value", "true or false"));
        }
        given.remove("dryRun");
        var parameters = ImportParameters.read(format, given, misfits::add);
        if (parameters == null || !misfits.isEmpty()) {
            throw ImportProblems.parameters(misfits);
        }
        return new Upload(
                new ModelName(model),
                given,
                parameters,
                dryRun.equals("true"),
                gzip ? -1 : request.getContentLengthLong(),
                Submissions.of(request, new byte[0]),
                () -> gzip ? unpacked(request.getInputStream()) : request.getInputStream());
    }

    private static InputStream unpacked(InputStream packed) throws IOException {
        try {
            return new FilterInputStream(new GZIPInputStream(packed, 64 * 1024)) {
                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    try {
                        return super.read(into, from, length);
                    } catch (EOFException | ZipException e) {
                        throw new BrokenGzip(e);
                    }
                }
            };
        } catch (EOFException | ZipException e) {
            throw new BrokenGzip(e);
        }
    }

    private static Map<String, String> parameters(
            HttpServletRequest request, List<Layout.Misfit> misfits) {
        Map<String, String> given = new LinkedHashMap<>();
        request.getParameterMap()
                .forEach((name, values) -> {
                    // A map may also be given in several parts.
                    given.put(name, String.join(",", values));
                    if (values.length > 1 && !name.equals("map")) {
                        misfits.add(new Layout.Misfit(name, "repeated-parameter", "Give it once"));
                    }
                });
        return given;
    }

    private static Format format(@Nullable String contentType) {
        try {
            MediaType type = contentType == null ? null : MediaType.parseMediaType(contentType);
            if (type != null
                    && (type.getCharset() == null
                            || type.getCharset().equals(StandardCharsets.UTF_8))) {
                switch (type.getType() + "/" + type.getSubtype()) {
                    case "text/csv" -> {
                        return Format.CSV;
                    }
                    case "application/x-ndjson",
                            "application/ndjson",
                            "application/jsonl",
                            "application/x-jsonlines" -> {
                        return Format.NDJSON;
                    }
                    default -> {
                        // refused below
                    }
                }
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw ImportProblems.mediaType();
    }

    private static boolean gzip(@Nullable String encoding) {
        if (encoding == null || encoding.equalsIgnoreCase("identity")) {
            return false;
        }
        if (encoding.equalsIgnoreCase("gzip") || encoding.equalsIgnoreCase("x-gzip")) {
            return true;
        }
        throw ImportProblems.contentEncoding(encoding);
    }
}
