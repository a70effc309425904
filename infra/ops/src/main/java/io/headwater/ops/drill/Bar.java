package io.headwater.ops.drill;

/// What a drill must reach, and what it did.
record Bar(String what, String aim, String found, boolean met) {
    static Bar none(String what, int found) {
        return new Bar(what, "0", Integer.toString(found), found == 0);
    }

    static Bar atMost(String what, double aim, double found, String unit) {
        return new Bar(
                what,
                "at most %.1f %s".formatted(aim, unit),
                "%.1f %s".formatted(found, unit),
                found <= aim);
    }

    static Bar holds(String what, boolean holds, String found) {
        return new Bar(what, "yes", found, holds);
    }
}
