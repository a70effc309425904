package io.headwater.query.tables;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// A text without case and accents, as the function `fold` of the read schema makes it. For what is
/// shown only: what is compared, the database folds.
public final class FoldedText {
    private static final Pattern MARKS = Pattern.compile("[\\u0300-\\u036F]+");
    private static final Map<String, String> OTHERS =
            Map.ofEntries(
                    Map.entry("ø", "o"),
                    Map.entry("ł", "l"),
                    Map.entry("đ", "d"),
                    Map.entry("ı", "i"),
                    Map.entry("ħ", "h"),
                    Map.entry("ŧ", "t"),
                    Map.entry("ς", "σ"),
                    Map.entry("ß", "ss"),
                    Map.entry("æ", "ae"),
                    Map.entry("œ", "oe"),
                    Map.entry("þ", "th"),
                    Map.entry("\uDBFF\uDFFF", "\uFFFD"));

    private FoldedText() {}

    public static String of(String text) {
        String folded =
                MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
                        .replaceAll("")
                        .toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            folded = folded.replace(other.getKey(), other.getValue());
        }
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }
}
