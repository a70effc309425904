package io.headwater.query.coding;

import com.github.luben.zstd.RecyclingBufferPool;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A content coding (RFC 9110, 8.4.1), the better one first.
enum Coding {
    ZSTD,
    GZIP;

    private static final int ZSTD_LEVEL = 3;
    private static final int GZIP_BUFFER = 8 * 1024;

    /// As it stands in `Content-Encoding`.
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// A stream that must be closed, since there may be memory outside the heap behind it.
    OutputStream over(OutputStream out) throws IOException {
        return switch (this) {
            case ZSTD ->
                    new ZstdOutputStreamNoFinalizer(out, RecyclingBufferPool.INSTANCE, ZSTD_LEVEL);
            case GZIP -> new GZIPOutputStream(out, GZIP_BUFFER, true);
        };
    }

    /// The coding that a client likes best; null for none.
    ///
    /// @param accepted all values of `Accept-Encoding`
    static @Nullable Coding of(List<String> accepted) {
        Coding best = null;
        double most = 0;
        for (Coding coding : values()) {
            double quality = coding.quality(accepted);
            if (quality > most) {
                most = quality;
                best = coding;
            }
        }
        return best;
    }

    /// How much the client likes it; 0 for not at all.
    private double quality(List<String> accepted) {
        double wildcard = 0;
        for (String header : accepted) {
            for (String member : header.split(",", -1)) {
                String[] parts = member.split(";", -1);
                String name = parts[0].strip().toLowerCase(Locale.ROOT);
                if (name.equals(token())) {
                    return weight(parts);
                }
                if (name.equals("*")) {
                    wildcard = weight(parts);
                }
            }
        }
        // Not every client that takes anything knows the newer one.
        return this == GZIP ? wildcard : 0;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (parameter.startsWith("q=")) {
                String given = parameter.substring("q=".length());
                return given.matches("[01](\\.[0-9]{0,3})?") ? Double.parseDouble(given) : 0;
            }
        }
        return 1;
    }
}
