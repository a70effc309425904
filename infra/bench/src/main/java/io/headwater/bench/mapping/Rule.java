package io.headwater.bench.mapping;

/// What files can break.
public enum Rule {
    /// Two files, or rows, are the same record.
    DUPLICATE_ID("duplicateId"),
    /// Two records have the same value in a unique field.
    DUPLICATE_VALUE("duplicateValue"),
    /// A reference leads to no record of the commit.
    DANGLING_REFERENCE("danglingReference"),
    /// A value does not fit its field, or an id is missing.
    INVALID_VALUE("invalidValue"),
    /// A file, or a row of one, is no YAML, JSON or CSV, or too long.
    UNREADABLE("unreadable");

    private final String key;

    Rule(String key) {
        this.key = key;
    }

    /// Name in a mapping and in reports.
    public String key() {
        return key;
    }
}
