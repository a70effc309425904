package io.headwater.command.http;

import io.headwater.command.ledger.Expected;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// `If-Match` and `If-None-Match` (RFC 9110).
final class Preconditions {
    private static final Pattern LIST =
            Pattern.compile("\\s*(W/)?\"[^\"]*\"\\s*(,\\s*(W/)?\"[^\"]*\"\\s*)*");
    private static final Pattern REVISION = Pattern.compile("(?<!W/)\"(\\d{1,18})\"");

    private Preconditions() {}

    /// @throws ProblemException 400, if one is not valid or both are given
    static Expected of(HttpServletRequest request) {
        String match = request.getHeader("If-Match");
        String none = request.getHeader("If-None-Match");
        if (match != null && none != null) {
            throw invalid("If-None-Match", "Send it or If-Match, not both");
        }
        if (none != null) {
            if (!none.trim().equals("*")) {
                throw invalid("If-None-Match", "Only * is taken: create, but do not replace");
            }
            return new Expected.Missing();
        }
        if (match == null) {
            return new Expected.Anything();
        }
        return match.trim().equals("*") ? new Expected.Existing() : oneOf(match);
    }

    private static Expected oneOf(String list) {
        if (list.length() > 1_000 || !LIST.matcher(list).matches()) {
            throw invalid("If-Match", "Send * or ETags in double quotes, such as \"7\"");
        }
        // An ETag that is no revision, or a weak one, is never met: RFC 9110 compares strongly
        // here.
        Set<Long> revisions = new HashSet<>();
        var matcher = REVISION.matcher(list);
        while (matcher.find()) {
            revisions.add(Long.valueOf(matcher.group(1)));
        }
        return new Expected.OneOf(revisions);
    }

    private static ProblemException invalid(String name, String detail) {
        return new ProblemException(Problems.invalidHeader(name, detail));
    }
}
