package io.headwater.query.projection;

/// An event cannot be applied to the read model. The message gives the reason, to stand after
/// "cannot be applied:".
final class UnappliableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnappliableException(String reason) {
        super(reason);
    }

    UnappliableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
