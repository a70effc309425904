package io.headwater.query.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Entity tags (RFC 9110, 8.8.3), and `If-None-Match` (13.1.2): compared weakly; what is no entity
/// tag matches nothing.
public final class EntityTags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private static final int DIGEST_BYTES = 12;

    private EntityTags() {}

    /// The tag of an answer that is told by its content. It is weak, since the answer may be
    /// compressed on its way, and since what a page says of the next one may differ.
    ///
    /// @param length bytes that count
    public static String ofContent(byte[] body, int length) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(body, 0, length);
            return "W/\"%s\""
                    .formatted(
                            Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(Arrays.copyOf(digest.digest(), DIGEST_BYTES)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /// The tag of an answer that is told by its content.
    public static String ofContent(byte[] body) {
        return ofContent(body, body.length);
    }

    /// @param headers all values of the header
    /// @param etag of what there is
    static boolean anyMatches(List<String> headers, String etag) {
        for (String header : headers) {
            if (header.strip().equals("*")) {
                return true;
            }
            Matcher tags = TAG.matcher(header);
            while (tags.find()) {
                if (tags.group(1).equals(etag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
