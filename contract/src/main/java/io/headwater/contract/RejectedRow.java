package io.headwater.contract;

import java.util.List;

/// A row of an import that was refused, with what was wrong with it. Bounded, so that it always
/// fits into an event: what is longer is cut.
///
/// @param line of the file on which the row starts, counted from 1
/// @param raw the row as it stands in the file, bytes that are no UTF-8 replaced by U+FFFD; at most
///   [#LONGEST_RAW] characters
/// @param cut whether `raw` is only the beginning
/// @param faults the first [#MOST_FAULTS]
public record RejectedRow(long line, String raw, boolean cut, List<Fault> faults) {

    /// Most characters kept of a row.
    public static final int LONGEST_RAW = 100_000;

    /// Most faults kept of a row.
    public static final int MOST_FAULTS = 20;

    private static final int LONGEST_DETAIL = 1_000;

    public RejectedRow {
        cut |= raw.length() > LONGEST_RAW;
        raw = beginning(raw, LONGEST_RAW);
        faults =
                faults.stream()
                        .limit(MOST_FAULTS)
                        .map(fault ->
                                new Fault(
                                        beginning(fault.pointer(), LONGEST_DETAIL),
                                        fault.code(),
                                        beginning(fault.detail(), LONGEST_DETAIL)))
                        .toList();
    }

    private static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        // Half a surrogate pair could not be stored.
        return text.substring(
                0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }
}
