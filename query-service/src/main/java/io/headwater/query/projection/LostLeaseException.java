package io.headwater.query.projection;

/// Another instance projects now, or the schema was replaced; nothing was written.
final class LostLeaseException extends Exception {
    private static final long serialVersionUID = 1;

    LostLeaseException() {
        super("The checkpoint belongs to another");
    }
}
