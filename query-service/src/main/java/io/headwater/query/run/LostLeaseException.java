package io.headwater.query.run;

/// Another instance projects now, or the schema was replaced; nothing was written.
public final class LostLeaseException extends Exception {
    private static final long serialVersionUID = 1;

    LostLeaseException() {
        super("The checkpoint belongs to another");
    }
}
