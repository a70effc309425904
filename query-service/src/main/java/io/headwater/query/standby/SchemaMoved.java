package io.headwater.query.standby;

/// The tables are not what a statement took them for. Who compiled it compiles it anew from a fresh
/// look at the model.
final class SchemaMoved extends RuntimeException {
    private static final long serialVersionUID = 1;

    SchemaMoved(Throwable cause) {
        super("The tables have changed under a statement: " + cause.getMessage(), cause);
    }
}
