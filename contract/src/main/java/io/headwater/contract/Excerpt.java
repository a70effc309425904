package io.headwater.contract;

/// Foreign text made fit for a message: at most 80 characters, control characters and lone
/// surrogates replaced, so that no log line or answer can be broken or flooded by it.
public final class Excerpt {
    private static final int LONGEST = 80;

    private Excerpt() {}

    public static String of(String text) {
        var out = new StringBuilder(Math.min(text.length(), LONGEST) + 1);
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || isSurrogate(c) ? 0xFFFD : c)
                .forEach(out::appendCodePoint);
        return text.codePointCount(0, text.length()) > LONGEST ? out + "…" : out.toString();
    }

    private static boolean isSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
