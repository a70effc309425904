package io.headwater.query.api;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `If-None-Match` (RFC 9110, 13.1.2): compared weakly; what is no entity tag matches nothing.
final class EntityTags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[^\"]*\")");

    private EntityTags() {}

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
