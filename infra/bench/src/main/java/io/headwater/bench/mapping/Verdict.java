package io.headwater.bench.mapping;

/// What becomes of a record that breaks a rule.
public enum Verdict {
    /// It is not sent; if it was there before, it is deleted.
    LEAVE_OUT("leaveOut"),
    /// It is sent without what is wrong with it: a value or reference is left out, and a record of
    /// an id that is taken gets another id. Where that cannot be, as the field is required, the
    /// record is left out.
    LET_THROUGH("letThrough"),
    /// The replay ends before the commit.
    STOP("stop");

    private final String key;

    Verdict(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }
}
