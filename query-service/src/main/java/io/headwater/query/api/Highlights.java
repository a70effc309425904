package io.headwater.query.api;

import io.headwater.query.asked.Search;
import io.headwater.query.tables.FoldedText;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Shows where the words of a search are in a text, as HTML: each in `<em>`, the text's own markup
/// escaped; of a long text the part around the first of them.
final class Highlights {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}]*");
    private static final int LONGEST = 240;
    private static final int BEFORE = 60;

    private final Set<String> words = new HashSet<>();
    private final Set<String> beginnings = new HashSet<>();

    Highlights(Search search) {
        for (Search.Term term : search.terms()) {
            if (!term.negated()) {
                add(term);
            }
        }
    }

    private void add(Search.Term term) {
        String last = null;
        for (Matcher word = WORD.matcher(FoldedText.of(term.words())); word.find(); ) {
            last = word.group();
            words.add(last);
        }
        if (term.begins() && last != null) {
            beginnings.add(last);
        }
    }

    /// @return null if no word is in the text
    @Nullable String of(String text) {
        var html = new StringBuilder();
        int from = 0;
        int to = text.length();
        int done = -1;
        for (Matcher word = WORD.matcher(text); word.find() && word.start() < to; ) {
            if (!isHit(FoldedText.of(word.group()))) {
                continue;
            }
            if (done < 0) {
                from = text.length() <= LONGEST ? 0 : boundary(text, word.start() - BEFORE);
                to = Math.min(text.length(), Math.max(from + LONGEST, word.end()));
                html.append(from > 0 ? "…" : "");
                done = from;
            }
            escape(text, done, word.start(), html);
            html.append("<em>");
            escape(text, word.start(), word.end(), html);
            html.append("</em>");
            done = word.end();
        }
        if (done < 0) {
            return null;
        }
        int end = to == text.length() ? to : Math.max(done, boundary(text, to));
        escape(text, done, end, html);
        return html.append(end < text.length() ? "…" : "").toString();
    }

    private boolean isHit(String folded) {
        return words.contains(folded) || beginnings.stream().anyMatch(folded::startsWith);
    }

    /// Not inside a pair of surrogates.
    private static int boundary(String text, int at) {
        int index = Math.max(0, at);
        return index > 0 && Character.isLowSurrogate(text.charAt(index)) ? index - 1 : index;
    }

    private static void escape(String text, int from, int to, StringBuilder html) {
        for (int i = from; i < to; i++) {
            switch (text.charAt(i)) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                default -> html.append(text.charAt(i));
            }
        }
    }
}
