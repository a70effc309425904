package io.headwater.ops.drill;

/// What a drill must reach, and what it did.
///
/// @param law whether it has to be met on any machine, however slow
record Bar(String what, String aim, String found, boolean met, boolean law) {
    static Bar none(String what, int found) {
        return new Bar(what, "0", Integer.toString(found), found == 0, true);
    }

    static Bar holds(String what, boolean holds, String found) {
        return new Bar(what, "yes", found, holds, true);
    }

    /// A quantity that also the machine has its part in.
    static Bar atMost(String what, double aim, double found, String unit) {
        return new Bar(
                what,
                "at most %.1f %s".formatted(aim, unit),
                "%.1f %s".formatted(found, unit),
                found <= aim,
                false);
    }

    static Bar atMost(String what, int aim, int found) {
        return new Bar(
                what,
                aim == 0 ? "0" : "at most " + aim,
                Integer.toString(found),
                found <= aim,
                false);
    }
}
