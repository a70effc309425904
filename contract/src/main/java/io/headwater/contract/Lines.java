package io.headwater.contract;

import java.util.List;
import java.util.OptionalLong;

/// The log's lines of life, oldest first: each has the positions of the one before up to where it
/// forked off; what came later on the one before is lost.
///
/// @param all as in `log.epoch`, by `line`
public record Lines(List<Line> all) {
    public Lines {
        all = List.copyOf(all);
    }

    /// @param afterPosition last position that it has in common with the line before
    public record Line(String epoch, long afterPosition) {}

    /// The epoch of the newest line.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    public String current() {
        return all.getLast().epoch();
    }

    /// The last position that a line has in common with the current one; empty if the line is not
    /// known.
    public OptionalLong commonWith(String epoch) {
        return common(indexOf(epoch), all.size() - 1);
    }

    /// The last position that a line has in common with a later one: with itself, all. Empty if
    /// either is not known, or the first is the later.
    public OptionalLong common(String earlier, String later) {
        return common(indexOf(earlier), indexOf(later));
    }

    private OptionalLong common(int earlier, int later) {
        if (earlier < 0 || later < earlier) {
            return OptionalLong.empty();
        }
        long common = Long.MAX_VALUE;
        for (int line = earlier + 1; line <= later; line++) {
            common = Math.min(common, all.get(line).afterPosition());
        }
        return OptionalLong.of(common);
    }

    private int indexOf(String epoch) {
        for (int line = 0; line < all.size(); line++) {
            if (all.get(line).epoch().equals(epoch)) {
                return line;
            }
        }
        return -1;
    }
}
