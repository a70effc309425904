package io.headwater.query.rows;

/// An event cannot be applied to the read model. The message gives the reason, to stand after
/// "cannot be applied:".
public final class UnappliableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnappliableException(String reason) {
        super(reason);
    }

    public UnappliableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
